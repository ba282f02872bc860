import { checkBoolean, checkNumber, checkOptions, GradstreamError, type Config, type Json } from '@gradstream/core';
import { add, mul, type Scalar } from '@tensorflow/tfjs-core';
import { accumulateGradients } from '../accumulate-gradients.js';
import { addDecayedWeights } from '../add-decayed-weights.js';
import { averageWeights } from '../average-weights.js';
import { chain } from '../chain.js';
import type { GradientTransformation } from '../gradient-transformation.js';
import { optimizerOptionNames, type OptimizerOptions } from '../optimizer-options.js';
import type { Schedule } from '../schedules/schedule.js';
import { unscaleLoss } from '../unscale-loss.js';
import { withDecayedWeights } from '../with-decayed-weights.js';
import { clipping } from './clipping.js';
import { filled } from './filled.js';
import { checkRate } from './rate-state.js';
import { patternsConfig } from './weight-patterns.js';

/** What a recipe is beside the options that all share. */
export interface Recipe {
  /** Keras' class. */
  readonly type: string;
  readonly where: string;
  readonly options: OptimizerOptions;
  /** The default learning rate. */
  readonly learningRate: number;
  /** The options of its own, checked and with their defaults, under Keras' names in camelCase. */
  readonly own: Readonly<Record<string, Json>>;
  /** The parts, from the gradient to the update, with this learning rate. */
  readonly rule: (learningRate: number | Schedule) => readonly GradientTransformation[];
  /** Where weights decay: after the rule, before one that looks at them, or inside. Default `after`. */
  readonly decay?: 'after' | 'before' | 'inside';
}

/** Refuses options that are no object, or that have a name nobody reads. */
export function checkRecipeOptions(where: string, options: unknown, own: readonly string[]): void {
  checkOptions(where, options, [...optimizerOptionNames, ...own]);
}

/**
 * The chain of a recipe, in Keras' order: the loss's scale off, gradients accumulated; inside of that clipping, decay and the rule; then the weights'
 * running mean. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function recipe({
  type,
  where,
  options,
  learningRate,
  own,
  rule,
  decay = 'after',
}: Recipe): GradientTransformation {
  const rate = checkRate(where, options.learningRate === undefined ? learningRate : options.learningRate);
  const { gradientAccumulationSteps: calls, lossScaleFactor } = options;
  if (calls !== undefined) checkNumber(where, 'gradientAccumulationSteps', calls, { min: 2, integer: true });
  // A schedule counts calls, the parts inside count steps.
  const inner = typeof rate === 'function' && calls !== undefined ? everyCall(rate, calls) : rate;
  const step = [...clipping(where, options), ...decayed(options, inner, rule(inner), decay)];
  const parts = [
    ...(lossScaleFactor === undefined ? [] : [unscaleLoss(lossScaleFactor)]),
    ...(calls === undefined ? step : [accumulateGradients(calls, chain(...step))]),
    ...averaging(where, options),
  ];
  const config = configOf(options, rate, own);
  return { ...chain(...parts), ...(config === undefined ? {} : { config: { type, config } }) };
}

/** The schedule of the last call of each step. */
function everyCall(schedule: Schedule, calls: number): Schedule {
  return (step) => schedule(add(mul(step, filled(calls)), filled(calls - 1)) as Scalar);
}

function decayed(
  { weightDecay, excludeFromWeightDecay: exclude }: OptimizerOptions,
  learningRate: number | Schedule,
  rule: readonly GradientTransformation[],
  order: 'after' | 'before' | 'inside',
): readonly GradientTransformation[] {
  if (weightDecay === undefined || order === 'inside') return rule;
  const options = { learningRate, ...(exclude === undefined ? {} : { exclude }) };
  return order === 'before'
    ? [withDecayedWeights(chain(...rule), weightDecay, options)]
    : [...rule, addDecayedWeights(weightDecay, options)];
}

function averaging(where: string, options: OptimizerOptions): readonly GradientTransformation[] {
  const { emaMomentum: momentum, emaOverwriteFrequency: overwriteFrequency } = options;
  if (checkBoolean(where, 'useEma', options.useEma ?? false)) {
    return [
      averageWeights({
        ...(momentum === undefined ? {} : { momentum }),
        ...(overwriteFrequency === undefined ? {} : { overwriteFrequency }),
        callsPerStep: options.gradientAccumulationSteps ?? 1,
      }),
    ];
  }
  if (momentum === undefined && overwriteFrequency === undefined) return [];
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'There is no running mean of the weights that these options could be for',
    expected: 'useEma: true beside emaMomentum and emaOverwriteFrequency',
    received: `emaMomentum: ${momentum}, emaOverwriteFrequency: ${overwriteFrequency}`,
    next: 'Add useEma: true, or leave them out.',
  });
}

/** All options under Keras' names; undefined where one is a function that no file can hold. */
function configOf(
  options: OptimizerOptions,
  rate: number | Schedule,
  own: Readonly<Record<string, Json>>,
): Config['config'] | undefined {
  const learningRate = typeof rate === 'number' ? rate : rate.config;
  const exclude = options.excludeFromWeightDecay;
  const patterns = exclude === undefined ? null : patternsConfig(exclude);
  if (learningRate === undefined || patterns === undefined) return undefined;
  return {
    learningRate: typeof learningRate === 'number' ? learningRate : { ...learningRate },
    weightDecay: options.weightDecay ?? null,
    clipnorm: options.clipNorm ?? null,
    globalClipnorm: options.globalClipNorm ?? null,
    clipvalue: options.clipValue ?? null,
    useEma: options.useEma ?? false,
    emaMomentum: options.emaMomentum ?? 0.99,
    emaOverwriteFrequency: options.emaOverwriteFrequency ?? null,
    lossScaleFactor: options.lossScaleFactor ?? null,
    gradientAccumulationSteps: options.gradientAccumulationSteps ?? null,
    ...(patterns === null ? {} : { excludeFromWeightDecay: patterns }),
    ...own,
  };
}
