import { checkNumber, checkOptions } from '@gradstream/core';
import { add, div, floor, greaterEqual, log, mul, pow, sub, where as select, type Tensor } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { halfCosine } from './internal/cosine.js';
import { namedSchedule } from './internal/named-schedule.js';
import type { Schedule } from './schedule.js';

/** Options of `cosineDecayRestarts`. */
export interface CosineDecayRestartsOptions {
  /** The rate of the first step, at least 0. */
  readonly initialLearningRate: number;
  /** Steps of the first period, above 0. */
  readonly firstDecaySteps: number;
  /** How many times longer each period is than the one before, at least 1. Default 2. */
  readonly tMul?: number;
  /** What the highest rate is multiplied with at each restart, above 0. Default 1. */
  readonly mMul?: number;
  /** The rate at the end of a period as a share of `initialLearningRate`, in [0, 1]. Default 0. */
  readonly alpha?: number;
}

/** A step may be this much before the computed begin of a period and still be taken for it: what float32 loses. */
const SLACK = 2e-6;

/**
 * One cosine decay after another, in growing periods: in period i the rate is `initialLearningRate * ((1 - alpha) * mMul^i * (1 + cos(pi * fraction)) / 2 + alpha)`,
 * where the fraction of the period goes from 0 to 1. Keras' `CosineDecayRestarts`.
 *
 * Throws `GS_OPTION_*` for bad or missing options. Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.
 */
export function cosineDecayRestarts(options: CosineDecayRestartsOptions): Schedule {
  const where = 'optimizers/schedules/cosineDecayRestarts';
  checkOptions(where, options, ['initialLearningRate', 'firstDecaySteps', 'tMul', 'mMul', 'alpha']);
  const initialLearningRate = checkNumber(where, 'initialLearningRate', options?.initialLearningRate, { min: 0 });
  const firstDecaySteps = checkNumber(where, 'firstDecaySteps', options.firstDecaySteps, { min: 0, exclusive: 'min' });
  const tMul = checkNumber(where, 'tMul', options.tMul ?? 2, { min: 1 });
  const mMul = checkNumber(where, 'mMul', options.mMul ?? 1, { min: 0, exclusive: 'min' });
  const alpha = checkNumber(where, 'alpha', options.alpha ?? 0, { min: 0, max: 1 });
  return namedSchedule('CosineDecayRestarts', { initialLearningRate, firstDecaySteps, tMul, mMul, alpha }, (step) => {
    const passed = div(step, filled(firstDecaySteps));
    const { period, fraction } = tMul === 1 ? equalPeriods(passed) : growingPeriods(passed, tMul);
    const height = mul(pow(filled(mMul), period), filled((1 - alpha) * initialLearningRate));
    return add(mul(height, halfCosine(fraction)), filled(alpha * initialLearningRate));
  });
}

interface Place {
  readonly period: Tensor;
  readonly fraction: Tensor;
}

function equalPeriods(passed: Tensor): Place {
  const period = floor(passed);
  return { period, fraction: sub(passed, period) };
}

/** Period i begins at (t^i - 1) / (t - 1) first periods. */
function growingPeriods(passed: Tensor, growth: number): Place {
  const base = filled(growth);
  const one = filled(1);
  const excess = filled(growth - 1);
  const begin = (period: Tensor): Tensor => div(sub(pow(base, period), one), excess);
  const powers = log(add(mul(passed, excess), one));
  // The logarithm only says which begin is nearest; comparing with that begin decides. A rounded logarithm alone errs at restarts.
  const nearest = floor(add(mul(powers, filled(1 / Math.log(growth))), filled(0.5)));
  const there = greaterEqual(mul(passed, filled(1 + SLACK)), begin(nearest));
  const period = select(there, nearest, sub(nearest, one));
  return { period, fraction: div(sub(passed, begin(period)), pow(base, period)) };
}
