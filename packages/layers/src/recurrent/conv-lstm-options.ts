import type { LstmCellOptions } from './cell-options.js';
import type { SequenceOptions } from './sequence-options.js';

/** Options of the convolutional LSTMs: those of `lstm`, and those of a convolution. */
export interface ConvLstmOptions extends LstmCellOptions, SequenceOptions {
  /** How far the window of the input's convolution moves, one number or one for each dimension. Default 1. */
  readonly strides?: number | readonly number[];
  /** `valid` (default) or `same`. The state's convolution is always `same`. */
  readonly padding?: 'valid' | 'same';
  /** Channels are last. */
  readonly dataFormat?: 'channelsLast';
  /** How far apart the elements of the input's window lie. Default 1; not together with strides. */
  readonly dilationRate?: number | readonly number[];
}
