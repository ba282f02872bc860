import * as tf from '@tensorflow/tfjs-core';

/** One dimension of a window that moves over an image. */
export interface WindowAxis {
  readonly size: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  /** Elements before the image that the first window covers; below 0 where the first window starts inside. */
  readonly before: number;
  readonly outputSize: number;
}

/** What each tap of a moving window sees of [batch, ...spatial, channels]: one tensor [batch, ...output sizes, channels] a tap. */
export function windowTaps(x: tf.Tensor, axes: readonly WindowAxis[], outside: number): tf.Tensor[] {
  const paddings = axes.map(({ size, window, stride, dilation, before, outputSize }): [number, number] => {
    const reach = (outputSize - 1) * stride + (window - 1) * dilation + 1;
    return [Math.max(before, 0), Math.max(reach - before - size, 0)];
  });
  const padded = tf.pad(x, [[0, 0], ...paddings, [0, 0]], outside);
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  let places: number[][] = [[]];
  for (const { window } of axes)
    places = places.flatMap((place) => Array.from({ length: window }, (_, i) => [...place, i]));
  return places.map((place) => {
    const begin = place.map((tap, axis) => tap * axes[axis]!.dilation + Math.max(-axes[axis]!.before, 0));
    const end = begin.map((start, axis) => start + (axes[axis]!.outputSize - 1) * axes[axis]!.stride + 1);
    const strides = axes.map(({ stride }) => stride);
    return tf.stridedSlice(padded, [0, ...begin, 0], [batch, ...end, channels], [1, ...strides, 1]);
  });
}

/** The number of the first tap that has the largest value, at each place. */
export function largestTap(taps: readonly tf.Tensor[]): tf.Tensor {
  return tf.argMax(tf.stack([...taps]), 0);
}

/** The value of the chosen tap at each place. */
export function chooseTap(chosen: tf.Tensor, taps: readonly tf.Tensor[]): tf.Tensor {
  return tf.addN(taps.map((tap, index) => tf.mul(tf.cast(tf.equal(chosen, index), 'float32'), tap)));
}
