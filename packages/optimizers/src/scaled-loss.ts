import { mul, tidy, type Scalar } from '@tensorflow/tfjs-core';
import type { GradientTransformation, OptimizerState } from './gradient-transformation.js';

/**
 * The loss that gradients are to be taken of: multiplied with the scale that the optimizer asks for (`lossScale`, `lossScaleFactor`), or the loss itself
 * where it asks for none. Keras' `optimizer.scale_loss`.
 */
export function scaledLoss(optimizer: GradientTransformation, state: OptimizerState, loss: Scalar): Scalar {
  const { lossScale } = optimizer;
  return lossScale === undefined ? loss : (tidy(() => mul(loss, lossScale(state))) as Scalar);
}
