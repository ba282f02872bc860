import { fusedDense } from '@gradstream/autodiff';
import { checkNumber } from '@gradstream/core';
import { add, matMul, type Tensor } from '@tensorflow/tfjs-core';
import { CELL_OPTIONS, cellParts } from '../internal/recurrent/cell-parts.js';
import { checkStates, stepWidth } from '../internal/recurrent/check-step.js';
import { projected } from '../internal/recurrent/projection.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { LayerBuild } from '../layer.js';
import type { CellOptions } from './cell-options.js';
import type { RecurrentCell } from './recurrent-cell.js';

/**
 * One step of a plain recurrent layer: `h' = activation(x · kernel + bias + h · recurrent_kernel)`; the output is the new state.
 *
 * Input `[batch, features]`, state `[batch, units]`; kernel `[features, units]`, recurrent kernel `[units, units]`, bias `[units]`. As Keras' SimpleRNNCell.
 * Throws `GS_LAYER_SHAPE` for inputs and states of other ranks and widths.
 */
export function simpleRnnCell(units: number, options: CellOptions = {}): RecurrentCell {
  const where = 'layers/simpleRnnCell';
  checkNumber(where, 'units', units, { min: 1, integer: true });
  const common = checkLayerOptions(where, options, CELL_OPTIONS);
  const parts = cellParts(where, options);
  const { activation, useBias, dropout, recurrentDropout } = parts;
  return {
    type: 'SimpleRNNCell',
    ...common,
    activation,
    inputCount: [2, 2],
    stateCount: 1,
    stateShapes: () => [[units]],
    build([x, ...states], path): LayerBuild {
      const at = `${where} "${path}"`;
      const features = stepWidth(at, x!);
      checkStates(at, states, x![0]!, [[units]]);
      const shape = [x![0]!, units];
      return {
        outputShape: shape,
        outputShapes: [shape, shape],
        weights: [
          { ...parts.kernel, shape: [features, units] },
          { ...parts.recurrent, shape: [units, units] },
          ...(useBias ? [{ ...parts.bias, shape: [units] }] : []),
        ],
      };
    },
    call({ kernel, recurrent_kernel: recurrent, bias }, [x, h], context): readonly Tensor[] {
      const how = { gates: 1, apart: false } as const;
      const fromInput = projected(x!, kernel!, context, {
        ...how,
        rate: dropout,
        stream: 'dropout',
        product: (a, b) => fusedDense({ x: a, kernel: b, ...(useBias ? { bias: bias! } : {}) }),
      });
      const fromState = projected(h!, recurrent!, context, {
        ...how,
        rate: recurrentDropout,
        stream: 'recurrentDropout',
        product: (a, b) => matMul(a, b),
      });
      const next = activation(add(fromInput, fromState));
      return [next, next];
    },
    toConfig: () => layerConfig('SimpleRNNCell', common, { units, ...parts.config() }),
  };
}
