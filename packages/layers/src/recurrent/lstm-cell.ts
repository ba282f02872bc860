import { checkBoolean, checkNumber } from '@gradstream/core';
import { add, matMul, type Tensor } from '@tensorflow/tfjs-core';
import { CELL_OPTIONS, cellParts, gateActivation } from '../internal/recurrent/cell-parts.js';
import { checkStates, stepWidth } from '../internal/recurrent/check-step.js';
import { forgetBias } from '../internal/recurrent/forget-bias.js';
import { lstmStep } from '../internal/recurrent/lstm-step.js';
import { projected } from '../internal/recurrent/projection.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { LayerBuild } from '../layer.js';
import type { LstmCellOptions } from './cell-options.js';
import type { RecurrentCell } from './recurrent-cell.js';

/**
 * One step of an LSTM: `c' = f c + i g`, `h' = o activation(c')`, where the gates i, f and o are `recurrentActivation` and the candidate g is `activation` of their parts
 * of `x · kernel + bias + h · recurrent_kernel`.
 *
 * Input `[batch, features]`, states h and c `[batch, units]`; kernel `[features, 4 units]`, recurrent kernel `[units, 4 units]`, bias `[4 units]`, the gates in the
 * order i, f, g, o. As Keras' LSTMCell; dropout of 1, which Keras ignores, drops everything. Throws `GS_LAYER_SHAPE` for inputs and states of other ranks and widths.
 * Source: Hochreiter and Schmidhuber, Neural Computation 9 (1997); the forget gate's bias: Jozefowicz et al., 2015.
 */
export function lstmCell(units: number, options: LstmCellOptions = {}): RecurrentCell {
  const where = 'layers/lstmCell';
  checkNumber(where, 'units', units, { min: 1, integer: true });
  const common = checkLayerOptions(where, options, [...CELL_OPTIONS, 'recurrentActivation', 'unitForgetBias']);
  const parts = cellParts(where, options);
  const { gate, config: gateConfig } = gateActivation(where, options);
  const unitForgetBias = checkBoolean(where, 'unitForgetBias', options.unitForgetBias ?? true);
  const { activation, useBias, dropout, recurrentDropout, bias: biasParts } = parts;
  const initializer = unitForgetBias ? forgetBias(biasParts.initializer, units) : biasParts.initializer;
  return {
    type: 'LSTMCell',
    ...common,
    inputCount: [3, 3],
    stateCount: 2,
    stateShapes: () => [[units], [units]],
    build([x, ...states], path): LayerBuild {
      const at = `${where} "${path}"`;
      const features = stepWidth(at, x!);
      checkStates(at, states, x![0]!, [[units], [units]]);
      const shape = [x![0]!, units];
      return {
        outputShape: shape,
        outputShapes: [shape, shape, shape],
        weights: [
          { ...parts.kernel, shape: [features, 4 * units] },
          { ...parts.recurrent, shape: [units, 4 * units] },
          ...(useBias ? [{ ...biasParts, initializer, shape: [4 * units] }] : []),
        ],
      };
    },
    call({ kernel, recurrent_kernel: recurrent, bias }, [x, h, c], context): readonly Tensor[] {
      const how = { gates: 4, apart: recurrentDropout > 0 };
      const fromInput = projected(x!, kernel!, context, {
        ...how,
        rate: dropout,
        stream: 'dropout',
        product: (a, b) => matMul(a, b),
      });
      const fromState = projected(h!, recurrent!, context, {
        ...how,
        rate: recurrentDropout,
        stream: 'recurrentDropout',
        product: (a, b) => matMul(a, b),
      });
      const sum = add(fromInput, fromState);
      const [next, cell] = lstmStep(useBias ? add(sum, bias!) : sum, c!, activation, gate);
      return [next, next, cell];
    },
    toConfig: () => layerConfig('LSTMCell', common, { units, ...parts.config(), ...gateConfig(), unitForgetBias }),
  };
}
