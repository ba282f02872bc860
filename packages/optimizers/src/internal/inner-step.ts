import type { Scalar } from '@tensorflow/tfjs-core';
import type {
  GradientTransformation,
  OptimizerState,
  ScaledTensors,
  ScaledUpdate,
  Tensors,
} from '../gradient-transformation.js';
import { matchGradients } from './match-gradients.js';
import { settle } from './scaled-transformation.js';

/** A step of a transformation inside another, in the form that it has. */
export function stepOf(
  inner: GradientTransformation,
  gradients: ScaledTensors,
  state: OptimizerState,
  params: Tensors,
  where = 'the optimizer inside',
): ScaledUpdate {
  if (inner.updateScaled !== undefined) return inner.updateScaled(gradients, state, params);
  const result = inner.update(settle(gradients), state, params);
  return { updates: { tensors: matchGradients(where, result.updates, params) }, state: result.state };
}

/** The inner transformation's scale of the loss, asked with its own state. */
export function passScale(
  { lossScale }: GradientTransformation,
  stateOf: (state: OptimizerState) => OptimizerState | undefined,
): Pick<GradientTransformation, 'lossScale'> {
  if (lossScale === undefined) return {};
  return { lossScale: (state): Scalar => lossScale(stateOf(state) ?? {}) };
}
