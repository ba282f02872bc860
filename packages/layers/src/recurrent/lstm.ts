import { lstmSequence } from '@gradstream/autodiff';
import { recurrentOfUnits } from '../internal/recurrent/recurrent-of-units.js';
import type { LstmCellOptions } from './cell-options.js';
import { lstmCell } from './lstm-cell.js';
import type { RecurrentLayer } from './recurrent-layer.js';
import type { SequenceOptions } from './sequence-options.js';

/** Options of `lstm`. */
export interface LstmOptions extends LstmCellOptions, SequenceOptions {}

/**
 * Long short-term memory: `lstmCell` along time.
 *
 * Inputs `[x, h, c]`, x `[batch, steps, features]`, the initial states `[batch, units]` optional; gives the last output `[batch, units]` or with `returnSequences` all of
 * them, `[batch, steps, units]`, then with `returnState` the last h and c. With tanh and sigmoid, as by default, the whole sequence is one operation (`lstmSequence` of
 * @gradstream/autodiff), one kernel where the backend has it. As Keras' LSTM; there is no cuDNN to choose. Throws `GS_LAYER_SHAPE` for inputs of another rank, of unknown width,
 * and without a fixed batch where `stateful`.
 */
export function lstm(units: number, options: LstmOptions = {}): RecurrentLayer {
  return recurrentOfUnits(
    'LSTM',
    'layers/lstm',
    options,
    ['recurrentActivation', 'unitForgetBias'],
    (own) => lstmCell(units, own),
    (changes) => lstm(units, { ...options, ...changes }),
    ({ initial, ...operands }) => {
      const [h, c] = initial ?? [];
      const result = lstmSequence({ ...operands, h, c });
      return { h: result.h, rest: [result.c] };
    },
  );
}
