import { checkBoolean, checkNumber, checkOptions } from '@gradstream/core';
import { add, mul } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { fusedStep, hasKernel, SGD_KERNEL } from './internal/fused-step.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { weightEntries, zerosFor } from './internal/state-access.js';

/** Options of `accumulateMomentum`. */
export interface AccumulateMomentumOptions {
  /** Looks ahead: gives `u + momentum * v` instead of `v`. Default false. */
  readonly nesterov?: boolean;
}

/**
 * Momentum: `v = momentum * v + u`, where `u` is what comes in; `v` goes out.
 *
 * Put it after `scaleByLearningRate` for Keras' rule, where a changed learning rate leaves the velocity that is there alone
 * (PyTorch and Optax accumulate before the learning rate). `momentum` is in [0, 1], else `GS_OPTION_VALUE`.
 * Source: Polyak, 1964; Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep learning", 2013.
 */
export function accumulateMomentum(momentum: number, options: AccumulateMomentumOptions = {}): GradientTransformation {
  const where = 'optimizers/accumulateMomentum';
  checkNumber(where, 'momentum', momentum, { min: 0, max: 1 });
  checkOptions(where, options, ['nesterov']);
  const nesterov = checkBoolean(where, 'nesterov', options.nesterov ?? false);

  // With a momentum of 0 the kernel remembers nothing.
  const fused = (): boolean => momentum > 0 && hasKernel(SGD_KERNEL);

  return scaledTransformation(
    where,
    (params) => ({ v: zerosFor(params) }),
    (scaled, state, params, finish) => {
      const old = weightEntries(where, state, 'v', params);
      if (fused()) {
        const attributes = { momentum, nesterov };
        return fusedStep({ kernel: SGD_KERNEL, attributes, gradients: scaled, params, memory: { v: old }, finish });
      }
      const gradients = settle(scaled);
      const decay = filled(momentum);
      const { v, direction } = eachWeight(params, ['v', 'direction'], (path) => {
        const newV = add(mul(old[path]!, decay), gradients[path]!);
        return { v: newV, direction: nesterov ? add(mul(newV, decay), gradients[path]!) : newV };
      });
      return { updates: { tensors: direction }, state: { v } };
    },
    { takesFinish: fused },
  );
}
