import { checkNumber, checkOptions } from '@gradstream/core';
import type { LearningRateFunction } from './learning-rate-scheduler.js';

/** Options of `warmRestarts`, as of `cosineDecayRestarts`. */
export interface WarmRestartsOptions {
  /** The rate that the first period starts with. */
  readonly initialLearningRate: number;
  /** Epochs (or steps) of the first period. */
  readonly firstDecay: number;
  /** How much longer each period is than the one before. Default 2. */
  readonly tMul?: number;
  /** What each period's first rate is multiplied with. Default 1. */
  readonly mMul?: number;
  /** The least rate as a share of the first. Default 0. */
  readonly alpha?: number;
}

/**
 * A learning rate that falls along half a cosine and starts anew, for `learningRateScheduler`: Keras' `CosineDecayRestarts` by epoch or step.
 *
 * `alpha + (1 - alpha) * mMul^i * (1 + cos(pi * t)) / 2`, times the initial rate, where t is the share of period i that is over. Throws `GS_OPTION_*` for bad
 * or missing options. Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.
 */
export function warmRestarts(options: WarmRestartsOptions): LearningRateFunction {
  const where = 'callbacks/warmRestarts';
  checkOptions(where, options, ['initialLearningRate', 'firstDecay', 'tMul', 'mMul', 'alpha']);
  const rate = checkNumber(where, 'initialLearningRate', options?.initialLearningRate, { min: 0 });
  const first = checkNumber(where, 'firstDecay', options.firstDecay, { min: 0, exclusive: 'min' });
  const tMul = checkNumber(where, 'tMul', options.tMul ?? 2, { min: 1 });
  const mMul = checkNumber(where, 'mMul', options.mMul ?? 1, { min: 0, exclusive: 'min' });
  const alpha = checkNumber(where, 'alpha', options.alpha ?? 0, { min: 0, max: 1 });
  return (index) => {
    let [period, passed, length] = [0, index, first];
    if (tMul === 1) {
      period = Math.floor(index / first);
      passed = index - period * first;
    } else {
      for (; passed >= length; period++) {
        passed -= length;
        length *= tMul;
      }
    }
    const height = (1 + Math.cos((Math.PI * passed) / length)) / 2;
    return rate * (alpha + (1 - alpha) * mMul ** period * height);
  };
}
