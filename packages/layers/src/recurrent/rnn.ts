import { innerConfig } from '../internal/inner-layer.js';
import { snakeCase } from '../internal/name-layers.js';
import { checkIsCell } from '../internal/recurrent/check-is-cell.js';
import { recurrentOfCell } from '../internal/recurrent/recurrent-of-cell.js';
import { SEQUENCE_OPTIONS, sequenceSettings } from '../internal/recurrent/sequence-settings.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { RecurrentCell } from './recurrent-cell.js';
import type { RecurrentLayer } from './recurrent-layer.js';
import type { SequenceOptions } from './sequence-options.js';
import { stackedRnnCells } from './stacked-rnn-cells.js';

/** Options of `rnn`. */
export interface RnnOptions extends LayerOptions, SequenceOptions {}

/**
 * Runs a cell, or a stack of cells, along time.
 *
 * Inputs `[x, ...initial states]`, x `[batch, steps, ...]`; gives the last output `[batch, ...]`, or all of them with `returnSequences`, then with `returnState` the last
 * states, those of a stack one cell after another. Masked steps keep the states and repeat the output. As Keras' RNN, whose `unroll` has nothing to choose here, and
 * which drops the mask where it is given initial states.
 * Throws `GS_LAYER_SHAPE` for inputs and states that the cell cannot take, `GS_MODEL_LAYERS` for something that is no cell.
 */
export function rnn(cell: RecurrentCell | readonly RecurrentCell[], options: RnnOptions = {}): RecurrentLayer {
  const where = 'layers/rnn';
  const common = checkLayerOptions(where, options, SEQUENCE_OPTIONS);
  const sequence = sequenceSettings(where, options);
  const one = Array.isArray(cell) ? stackedRnnCells(cell as readonly RecurrentCell[]) : (cell as RecurrentCell);
  checkIsCell(where, one);
  return recurrentOfCell({
    type: 'RNN',
    where,
    common,
    cell: one,
    cellName: one.name ?? snakeCase(one.type),
    sequence,
    dimensions: '[batch, steps, ...]',
    config: () => layerConfig('RNN', common, { ...sequence, cell: innerConfig(one) }),
    variant: (changes) => rnn(one, { ...options, ...changes }),
  });
}
