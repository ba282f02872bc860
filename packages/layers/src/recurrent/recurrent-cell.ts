import type { Shape } from '@gradstream/core';
import type { Layer } from '../layer.js';

/**
 * One step of a recurrent layer: a layer whose inputs are `[x, ...states]` and whose outputs are `[output, ...new states]`. `rnn` runs it along time. Anything that fits
 * this interface is a cell; the random key is the same for all steps of a sequence, so that one dropout mask covers them.
 */
export interface RecurrentCell extends Layer {
  /** How many states it carries from step to step. */
  readonly stateCount: number;
  /** The shapes of its states, without the batch, for the shape of one step's input, with the batch in front. */
  stateShapes(inputShape: Shape): readonly Shape[];
}
