import { add, mul } from '@tensorflow/tfjs-core';
import type {
  Finish,
  GradientTransformation,
  OptimizerState,
  ScaledTensors,
  ScaledUpdate,
  Tensors,
  Variables,
} from '../gradient-transformation.js';
import { fusedStep, hasKernel, SGD_KERNEL } from './fused-step.js';
import { matchGradients } from './match-gradients.js';

/** Multiplies the pending factor in. */
export function settle({ tensors, factor }: ScaledTensors): Tensors {
  if (factor === undefined) return tensors;
  if (hasKernel(SGD_KERNEL)) {
    const gradients = { tensors, factor };
    return fusedStep({ kernel: SGD_KERNEL, attributes: {}, gradients, params: tensors, memory: {} }).updates.tensors;
  }
  return Object.fromEntries(Object.entries(tensors).map(([path, tensor]) => [path, mul(tensor, factor)]));
}

/** Makes a transformation of its scaled form: `update` is that form with the factor multiplied in. */
export function scaledTransformation(
  where: string,
  init: (params: Tensors) => OptimizerState,
  updateScaled: (gradients: ScaledTensors, state: OptimizerState, params: Tensors, finish?: Finish) => ScaledUpdate,
  more: Pick<GradientTransformation, 'takesFinish' | 'finish' | 'lossScale'> = {},
): GradientTransformation {
  return {
    init,
    update(gradients, state, params) {
      const next = updateScaled({ tensors: matchGradients(where, gradients, params) }, state, params);
      return { updates: settle(next.updates), state: next.state };
    },
    apply(gradients, state, params) {
      const next = updateScaled({ tensors: matchGradients(where, gradients, params) }, state, params, {
        inPlace: true,
      });
      if (next.applied !== true) addUpdates(next.updates, params);
      return next.state;
    },
    updateScaled,
    ...more,
  };
}

/** Adds what a direction still lacks a factor of to the weights. */
function addUpdates(updates: ScaledTensors, params: Variables): void {
  const { tensors, factor } = updates;
  if (factor !== undefined && hasKernel(SGD_KERNEL)) {
    const finish = { inPlace: true };
    fusedStep({ kernel: SGD_KERNEL, attributes: {}, gradients: updates, params, memory: {}, finish });
    return;
  }
  const settled = settle({ tensors, ...(factor === undefined ? {} : { factor }) });
  for (const path of Object.keys(params)) params[path]!.assign(add(params[path]!, settled[path]!));
}
