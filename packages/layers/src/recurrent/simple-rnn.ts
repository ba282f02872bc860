import { recurrentOfUnits } from '../internal/recurrent/recurrent-of-units.js';
import type { CellOptions } from './cell-options.js';
import type { RecurrentLayer } from './recurrent-layer.js';
import type { SequenceOptions } from './sequence-options.js';
import { simpleRnnCell } from './simple-rnn-cell.js';

/** Options of `simpleRnn`. */
export interface SimpleRnnOptions extends CellOptions, SequenceOptions {}

/**
 * A plain recurrent layer: `h' = activation(x · kernel + bias + h · recurrent_kernel)` at each step.
 *
 * Inputs `[x, h]`, x `[batch, steps, features]`, the initial state `[batch, units]` optional; gives `[batch, units]` or with `returnSequences`
 * `[batch, steps, units]`, then with `returnState` the last state. As Keras' SimpleRNN. Throws `GS_LAYER_SHAPE` for inputs of another rank, of unknown width, and without a
 * fixed batch where `stateful`.
 */
export function simpleRnn(units: number, options: SimpleRnnOptions = {}): RecurrentLayer {
  return recurrentOfUnits(
    'SimpleRNN',
    'layers/simpleRnn',
    options,
    [],
    (own) => simpleRnnCell(units, own),
    (changes) => simpleRnn(units, { ...options, ...changes }),
  );
}
