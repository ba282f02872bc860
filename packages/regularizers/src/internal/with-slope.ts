import * as tf from '@tensorflow/tfjs-core';

/** A penalty and its derivative by each element of the weight. */
export interface PenaltyWithSlope {
  readonly value: (weight: tf.Tensor) => tf.Scalar;
  readonly slope: (weight: tf.Tensor) => tf.Tensor;
}

/** A penalty whose gradient is `dy * slope(weight)`, computed only where a gradient is wanted. */
export function withSlope({ value, slope }: PenaltyWithSlope): (weight: tf.Tensor) => tf.Scalar {
  const penalize = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [weight, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    save([weight]);
    return {
      value: value(weight),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => tf.mul(dy, slope(saved[0]!)),
    };
  });
  return (weight) => penalize(weight) as tf.Scalar;
}
