import type { Schedule } from './schedules/schedule.js';

/** What every optimizer takes. */
export interface OptimizerOptions {
  /** How far a step goes: a number of at least 0, or a schedule of the step. */
  readonly learningRate?: number | Schedule;
  /** Clips the norm of each weight's gradient. Only one of the three clippings can be given. */
  readonly clipNorm?: number;
  /** Clips each element of each gradient. */
  readonly clipValue?: number;
  /** Clips the norm of all gradients together. */
  readonly globalClipNorm?: number;
  /** Takes `learningRate * weightDecay * w` off each weight, outside of momentum and running means. Default: none (adamW: 0.004). */
  readonly weightDecay?: number;
  /** Says which weights do not decay, by path. Default: all decay, biases too, as in Keras. */
  readonly excludeFromWeightDecay?: (path: string) => boolean;
}

/** The names of these options. */
export const optimizerOptionNames: readonly string[] = [
  'learningRate',
  'clipNorm',
  'clipValue',
  'globalClipNorm',
  'weightDecay',
  'excludeFromWeightDecay',
];
