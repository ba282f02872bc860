import type { WeightPatterns } from './internal/weight-patterns.js';
import type { Schedule } from './schedules/schedule.js';

/** What every optimizer takes: the options of Keras' base class. */
export interface OptimizerOptions {
  /** How far a step goes: a number of at least 0, or a schedule of the step. */
  readonly learningRate?: number | Schedule;
  /** Clips the norm of each weight's gradient. Only one of the three clippings can be given. */
  readonly clipNorm?: number;
  /** Clips each element of each gradient. */
  readonly clipValue?: number;
  /** Clips the norm of all gradients together. */
  readonly globalClipNorm?: number;
  /** Takes `learningRate * weightDecay * w` off each weight, outside of momentum and running means. Default: none (adamW, muon: 0.004). */
  readonly weightDecay?: number;
  /**
   * Which weights do not decay: a function of the path, or names, each a text that stands anywhere in the path or a regular expression.
   * Default: all decay, biases too, as in Keras. Keras' `exclude_from_weight_decay` looks at the last part of the path only, and loses it on saving.
   */
  readonly excludeFromWeightDecay?: WeightPatterns;
  /** Keeps a running mean of the weights, to be read with `emaWeights`. Default false. Unlike Keras, no training ends by putting it into the model. */
  readonly useEma?: boolean;
  /** Share of the old mean in the new one, in [0, 1]. Default 0.99. Needs `useEma`. */
  readonly emaMomentum?: number;
  /** After so many steps the weights are replaced by their mean. Default: never. Needs `useEma`. */
  readonly emaOverwriteFrequency?: number;
  /** What the loss is multiplied with before gradients are taken (see `scaledLoss`) and the gradients are divided by; above 0. Default: none. */
  readonly lossScaleFactor?: number;
  /** A step after so many calls, with the mean of their gradients; an integer of at least 2. A schedule counts calls, as in Keras. Default: none. */
  readonly gradientAccumulationSteps?: number;
}

/** The names of these options. */
export const optimizerOptionNames: readonly string[] = [
  'learningRate',
  'clipNorm',
  'clipValue',
  'globalClipNorm',
  'weightDecay',
  'excludeFromWeightDecay',
  'useEma',
  'emaMomentum',
  'emaOverwriteFrequency',
  'lossScaleFactor',
  'gradientAccumulationSteps',
];
