import { checkLayerOptions, layerConfig } from '../../layer-options.js';
import type { CellOptions } from '../../recurrent/cell-options.js';
import type { RecurrentCell } from '../../recurrent/recurrent-cell.js';
import type { RecurrentChanges, RecurrentLayer } from '../../recurrent/recurrent-layer.js';
import type { SequenceOptions } from '../../recurrent/sequence-options.js';
import { CELL_OPTIONS } from './cell-parts.js';
import { fusedRun, type SequenceOperation } from './fused-run.js';
import { cellConfig, recurrentOfCell } from './recurrent-of-cell.js';
import { cellOptionsOf, SEQUENCE_OPTIONS, sequenceSettings } from './sequence-settings.js';

/** A recurrent layer that is known by its cell: one number of units, the cell's options and those along time. */
export function recurrentOfUnits<Options extends CellOptions & SequenceOptions>(
  type: string,
  where: string,
  options: Options,
  own: readonly string[],
  cellOf: (options: Options) => RecurrentCell,
  copy: (changes: RecurrentChanges) => RecurrentLayer,
  operation?: SequenceOperation,
): RecurrentLayer {
  const common = checkLayerOptions(where, options, [...CELL_OPTIONS, ...own, ...SEQUENCE_OPTIONS]);
  const cell = cellOf(cellOptionsOf(options) as Options);
  const sequence = sequenceSettings(where, options);
  const fused = operation === undefined ? undefined : fusedRun(where, options, operation);
  return recurrentOfCell({
    type,
    where,
    common,
    cell,
    cellName: '',
    sequence,
    dimensions: '[batch, steps, features]',
    rank: 3,
    ...(fused === undefined ? {} : { fused }),
    config: () => layerConfig(type, common, { ...cellConfig(cell), ...sequence }),
    variant: copy,
  });
}
