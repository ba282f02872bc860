import { convolution } from '@gradstream/autodiff';
import {
  checkBoolean,
  checkChoice,
  checkNumber,
  describeShape,
  describeValue,
  GradstreamError,
  type Config,
  type Shape,
} from '@gradstream/core';
import { add, type Tensor } from '@tensorflow/tfjs-core';
import type { LayerBuild } from '../../layer.js';
import { checkLayerOptions, layerConfig } from '../../layer-options.js';
import type { ConvLstmOptions } from '../../recurrent/conv-lstm-options.js';
import type { RecurrentCell } from '../../recurrent/recurrent-cell.js';
import { CELL_OPTIONS, cellParts, gateActivation } from './cell-parts.js';
import { checkStates } from './check-step.js';
import { forgetBias } from './forget-bias.js';
import { lstmStep } from './lstm-step.js';
import { projected } from './projection.js';

/** The names of the options that a convolutional cell has beside those of all cells. */
export const CONV_LSTM_OPTIONS = [
  'strides',
  'padding',
  'dataFormat',
  'dilationRate',
  'recurrentActivation',
  'unitForgetBias',
] as const;

/** One step of an LSTM whose products are convolutions: inputs and states [batch, ...spatial, channels]. */
export function convLstmCell(
  rank: 1 | 2 | 3,
  where: string,
  filters: number,
  kernelSize: number | readonly number[],
  options: ConvLstmOptions,
): RecurrentCell {
  checkNumber(where, 'filters', filters, { min: 1, integer: true });
  const common = checkLayerOptions(where, options, [...CELL_OPTIONS, ...CONV_LSTM_OPTIONS]);
  const size = sizes(where, 'kernelSize', kernelSize, rank);
  const strides = sizes(where, 'strides', options.strides ?? 1, rank);
  const dilationRate = sizes(where, 'dilationRate', options.dilationRate ?? 1, rank);
  const padding = checkChoice(where, 'padding', options.padding ?? 'valid', ['valid', 'same']);
  checkFormat(where, options.dataFormat);
  checkSpread(where, strides, dilationRate, rank);
  const parts = cellParts(where, options);
  const { gate, config: gateConfig } = gateActivation(where, options);
  const unitForgetBias = checkBoolean(where, 'unitForgetBias', options.unitForgetBias ?? true);
  const { activation, useBias, dropout, recurrentDropout, bias: biasParts } = parts;
  const initializer = unitForgetBias ? forgetBias(biasParts.initializer, filters) : biasParts.initializer;
  const stateShape = (input: Shape): number[] => [
    ...input.slice(1, -1).map((length, axis) => {
      const reach = (size[axis]! - 1) * dilationRate[axis]! + 1;
      const room = padding === 'same' ? length! : length! - reach + 1;
      return Math.ceil(room / strides[axis]!);
    }),
    filters,
  ];
  return {
    type: `ConvLSTM${rank}DCell`,
    ...common,
    inputCount: [3, 3],
    stateCount: 2,
    stateShapes: (input) => [stateShape(input), stateShape(input)],
    build([x, ...states], path): LayerBuild {
      const at = `${where} "${path}"`;
      checkImage(at, x!, rank);
      const state = stateShape(x!);
      if (state.some((length) => length < 1)) throw tooSmall(at, x!, size);
      checkStates(at, states, x![0]!, [state, state]);
      const shape = [x![0]!, ...state];
      return {
        outputShape: shape,
        outputShapes: [shape, shape, shape],
        weights: [
          { ...parts.kernel, shape: [...size, x!.at(-1)!, 4 * filters] },
          { ...parts.recurrent, shape: [...size, filters, 4 * filters] },
          ...(useBias ? [{ ...biasParts, initializer, shape: [4 * filters] }] : []),
        ],
      };
    },
    call({ kernel, recurrent_kernel: recurrent, bias }, [x, h, c], context): readonly Tensor[] {
      const how = { gates: 4, apart: true };
      const fromInput = projected(x!, kernel!, context, {
        ...how,
        rate: dropout,
        stream: 'dropout',
        product: (image, filter) => convolution({ x: image, filter, strides, padding, dilations: dilationRate }),
      });
      const fromState = projected(h!, recurrent!, context, {
        ...how,
        rate: recurrentDropout,
        stream: 'recurrentDropout',
        product: (image, filter) => convolution({ x: image, filter, padding: 'same' }),
      });
      const sum = add(useBias ? add(fromInput, bias!) : fromInput, fromState);
      const [next, cell] = lstmStep(sum, c!, activation, gate);
      return [next, next, cell];
    },
    toConfig: (): Config =>
      layerConfig(`ConvLSTM${rank}DCell`, common, {
        filters,
        kernelSize: size,
        strides,
        padding,
        dataFormat: 'channelsLast',
        dilationRate,
        ...parts.config(),
        ...gateConfig(),
        unitForgetBias,
      }),
  };
}

function sizes(where: string, name: string, given: number | readonly number[], rank: number): number[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : Array.from({ length: rank }, () => given);
  if (list.length !== rank) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: `The option "${name}" has a value that cannot be used`,
      expected: `an integer, or a list of ${rank}`,
      received: describeValue(given),
      next: 'Give one number for all dimensions, or one for each.',
    });
  }
  return list.map((value) => checkNumber(where, name, value, { min: 1, integer: true }));
}

function checkFormat(where: string, format: unknown): void {
  if (format === undefined || format === 'channelsLast') return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "dataFormat" has a value that cannot be used',
    expected: '"channelsLast"',
    received: describeValue(format),
    next: 'Move the channels to the end first, with permute.',
  });
}

function checkSpread(where: string, strides: readonly number[], rates: readonly number[], rank: number): void {
  const dilated = Math.max(...rates) > 1;
  if (!(Math.max(...strides) > 1 && dilated) && !(dilated && rank === 3)) return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: rank === 3 ? 'Convolutions in three dimensions have no dilation' : 'Strides and dilation do not go together',
    expected: rank === 3 ? 'dilationRate 1' : 'strides 1 or dilationRate 1',
    received: `strides [${strides.join(', ')}], dilationRate [${rates.join(', ')}]`,
    next: 'Leave one of them out.',
  });
}

function checkImage(where: string, shape: Shape, rank: number): void {
  if (shape.length === rank + 2 && shape.slice(1).every((length) => typeof length === 'number')) return;
  throw new GradstreamError('GS_LAYER_SHAPE', {
    where,
    what:
      shape.length === rank + 2 ? 'The size of a step is not known' : `One step's input has ${shape.length} dimensions`,
    expected: `[batch, ${['length', 'height, width', 'depth, height, width'][rank - 1]}, channels] with known sizes`,
    received: describeShape(shape),
    next: 'Give every dimension of the input but the batch and the steps a size.',
  });
}

function tooSmall(where: string, shape: Shape, size: readonly number[]): GradstreamError {
  return new GradstreamError('GS_LAYER_SHAPE', {
    where,
    what: 'Nothing of the input is left after the convolution',
    expected: `at least ${size.join(' x ')}`,
    received: describeShape(shape),
    next: "Use a smaller kernel, or padding: 'same'.",
  });
}
