import { checkBoolean, checkNumber } from '@gradstream/core';
import { add, matMul, mul, slice, split, squeeze, sub, type Tensor } from '@tensorflow/tfjs-core';
import { CELL_OPTIONS, cellParts, gateActivation } from '../internal/recurrent/cell-parts.js';
import { checkStates, stepWidth } from '../internal/recurrent/check-step.js';
import { dropped, projected } from '../internal/recurrent/projection.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { CallContext, LayerBuild } from '../layer.js';
import type { GruCellOptions } from './cell-options.js';
import type { RecurrentCell } from './recurrent-cell.js';

/**
 * One step of a GRU: `h' = z h + (1 - z) activation(x_h + r (h · U_h + b'_h))`, where the gates z and r are `recurrentActivation` of their parts of
 * `x · kernel + b + h · recurrent_kernel + b'`. With `resetAfter: false` the candidate is `activation(x_h + (r h) · U_h)`.
 *
 * Input `[batch, features]`, state `[batch, units]`; kernel `[features, 3 units]`, recurrent kernel U `[units, 3 units]`, the gates in the order z, r, h; bias `[2, 3 units]`,
 * one row for the input, one for the state, or `[3 units]` without `resetAfter`. As Keras' GRUCell; dropout of 1, which Keras ignores, drops everything. Throws
 * `GS_LAYER_SHAPE` for inputs and states of other ranks and widths. Source: Cho et al., 2014, arXiv 1406.1078.
 */
export function gruCell(units: number, options: GruCellOptions = {}): RecurrentCell {
  const where = 'layers/gruCell';
  checkNumber(where, 'units', units, { min: 1, integer: true });
  const common = checkLayerOptions(where, options, [...CELL_OPTIONS, 'recurrentActivation', 'resetAfter']);
  const parts = cellParts(where, options);
  const { gate, config: gateConfig } = gateActivation(where, options);
  const resetAfter = checkBoolean(where, 'resetAfter', options.resetAfter ?? true);
  const { activation, useBias, dropout, recurrentDropout } = parts;
  const apart = recurrentDropout > 0;
  const ofState = (h: Tensor, weights: Tensor, gates: number, context: CallContext): Tensor =>
    projected(h, weights, context, {
      rate: recurrentDropout,
      stream: 'recurrentDropout',
      gates,
      apart,
      product: (a, b) => matMul(a, b),
    });
  return {
    type: 'GRUCell',
    ...common,
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
          { ...parts.kernel, shape: [features, 3 * units] },
          { ...parts.recurrent, shape: [units, 3 * units] },
          ...(useBias ? [{ ...parts.bias, shape: resetAfter ? [2, 3 * units] : [3 * units] }] : []),
        ],
      };
    },
    call({ kernel, recurrent_kernel: recurrent, bias }, [x, h], context): readonly Tensor[] {
      const biases = !useBias ? [] : resetAfter ? split(bias!, 2, 0).map((row) => squeeze(row, [0])) : [bias!];
      const plus = (value: Tensor, added: Tensor | undefined): Tensor =>
        added === undefined ? value : add(value, added);
      const fromInput = projected(x!, kernel!, context, {
        rate: dropout,
        stream: 'dropout',
        gates: 3,
        apart,
        product: (a, b) => matMul(a, b),
      });
      const [xz, xr, xh] = split(plus(fromInput, biases[0]), 3, -1) as [Tensor, Tensor, Tensor];
      const mix = (z: Tensor, candidate: Tensor): Tensor[] => {
        const next = add(mul(z, h!), mul(sub(1, z), candidate));
        return [next, next];
      };
      if (resetAfter) {
        const fromState = plus(ofState(h!, recurrent!, 3, context), biases[1]);
        const [hz, hr, hh] = split(fromState, 3, -1) as [Tensor, Tensor, Tensor];
        return mix(gate(add(xz, hz)), activation(add(xh, mul(gate(add(xr, hr)), hh))));
      }
      const gates = ofState(h!, slice(recurrent!, [0, 0], [units, 2 * units]), 2, context);
      const [hz, hr] = split(gates, 2, -1) as [Tensor, Tensor];
      const state = context.training && apart ? dropped(h!, recurrentDropout, context, 'recurrentDropout2') : h!;
      const reset = mul(gate(add(xr, hr)), state);
      const inner = matMul(reset, slice(recurrent!, [0, 2 * units], [units, units]));
      return mix(gate(add(xz, hz)), activation(add(xh, inner)));
    },
    toConfig: () => layerConfig('GRUCell', common, { units, ...parts.config(), ...gateConfig(), resetAfter }),
  };
}
