import { checkLayerOptions, layerConfig } from '../../layer-options.js';
import type { ConvLstmOptions } from '../../recurrent/conv-lstm-options.js';
import type { RecurrentChanges, RecurrentLayer } from '../../recurrent/recurrent-layer.js';
import { CELL_OPTIONS } from './cell-parts.js';
import { CONV_LSTM_OPTIONS, convLstmCell } from './conv-lstm-cell.js';
import { cellConfig, recurrentOfCell } from './recurrent-of-cell.js';
import { cellOptionsOf, SEQUENCE_OPTIONS, sequenceSettings } from './sequence-settings.js';

/** A convolutional LSTM in so many dimensions. */
export function convLstm(
  rank: 1 | 2 | 3,
  filters: number,
  kernelSize: number | readonly number[],
  options: ConvLstmOptions,
  copy: (changes: RecurrentChanges) => RecurrentLayer,
): RecurrentLayer {
  const type = `ConvLSTM${rank}D`;
  const where = `layers/convLstm${rank}d`;
  const common = checkLayerOptions(where, options, [...CELL_OPTIONS, ...CONV_LSTM_OPTIONS, ...SEQUENCE_OPTIONS]);
  const cell = convLstmCell(rank, where, filters, kernelSize, cellOptionsOf(options));
  const sequence = sequenceSettings(where, options);
  return recurrentOfCell({
    type,
    where,
    common,
    cell,
    cellName: '',
    sequence,
    dimensions: `[batch, steps, ${['length', 'height, width', 'depth, height, width'][rank - 1]}, channels]`,
    rank: rank + 3,
    config: () => layerConfig(type, common, { ...cellConfig(cell), ...sequence }),
    variant: copy,
  });
}
