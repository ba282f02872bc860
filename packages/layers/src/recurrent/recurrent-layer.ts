import type { Layer } from '../layer.js';
import type { SequenceOptions } from './sequence-options.js';

/** What another layer may change of a recurrent layer that it makes a copy of. */
export interface RecurrentChanges {
  readonly name?: string;
  readonly goBackwards?: boolean;
  readonly zeroOutputForMask?: boolean;
}

/**
 * A layer that runs a cell along time. Inputs `[x, ...initial states]`, x `[batch, steps, ...]`, the states optional: zeros, or where `stateful` what the last batch left.
 * Outputs: the last output or all of them, then the last states where `returnState` says so.
 */
export interface RecurrentLayer extends Layer {
  readonly sequence: Required<SequenceOptions>;
  readonly stateCount: number;
  /** The same layer with other settings, and weights of its own. */
  variant(changes: RecurrentChanges): RecurrentLayer;
}
