import { gruSequence } from '@gradstream/autodiff';
import { recurrentOfUnits } from '../internal/recurrent/recurrent-of-units.js';
import type { GruCellOptions } from './cell-options.js';
import { gruCell } from './gru-cell.js';
import type { RecurrentLayer } from './recurrent-layer.js';
import type { SequenceOptions } from './sequence-options.js';

/** Options of `gru`. */
export interface GruOptions extends GruCellOptions, SequenceOptions {}

/**
 * A layer of gated recurrent units: `gruCell` along time.
 *
 * Inputs `[x, h]`, x `[batch, steps, features]`, the initial state `[batch, units]` optional; gives the last output `[batch, units]` or with `returnSequences` all of them,
 * `[batch, steps, units]`, then with `returnState` the last state. With tanh, sigmoid and `resetAfter`, as by default, the whole sequence is one operation (`gruSequence` of
 * @gradstream/autodiff), one kernel where the backend has it. As Keras' GRU; there is no cuDNN to choose. Throws `GS_LAYER_SHAPE` for inputs of another rank, of unknown width,
 * and without a fixed batch where `stateful`.
 */
export function gru(units: number, options: GruOptions = {}): RecurrentLayer {
  return recurrentOfUnits(
    'GRU',
    'layers/gru',
    options,
    ['recurrentActivation', 'resetAfter'],
    (own) => gruCell(units, own),
    (changes) => gru(units, { ...options, ...changes }),
    options.resetAfter === false
      ? undefined
      : ({ initial, ...operands }) => ({ h: gruSequence({ ...operands, h: initial?.[0] }), rest: [] }),
  );
}
