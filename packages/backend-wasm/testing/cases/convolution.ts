import { floats, sizeOf, slopeOf } from './kernel-case.js';
import type { CasesByKernel, Expected, KernelCase, Values } from './kernel-case.js';
import { flatten, windowsOf } from './windows.js';
import type { WindowSetup } from './windows.js';

/** A convolution: its windows, and how many channels come out; of each channel by itself where it is depthwise. */
interface Convolution extends WindowSetup {
  readonly channels: number;
  readonly depthwise?: boolean;
}

const one = [1, 1, 1] as const;
const plain = { size: [1, 3, 3], strides: one, dilations: one, pad: 'same' } as const;

const pairs = [
  [1, 1],
  [3, 4],
  [4, 5],
  [7, 8],
  [8, 9],
  [15, 17],
  [16, 16],
  [17, 33],
] as const;

/** All kinds of windows in two dimensions with all kinds of channels. */
const flat: readonly Convolution[] = [
  ...pairs.flatMap(([inputs, channels], index): Convolution[] => {
    const height = 5 + (index % 3);
    return [
      { ...plain, x: [2, 1, height, 6, inputs], channels },
      { ...plain, x: [1, 1, 4, height, inputs], channels, size: one },
      { ...plain, x: [1, 1, height, 5, inputs], channels, size: [1, 2, 3], strides: [1, 2, 2], pad: 'valid' },
      { ...plain, x: [1, 1, 7, height, inputs], channels, strides: [1, 1, 2] },
    ];
  }),
  { ...plain, x: [1, 1, 9, 8, 3], channels: 4, dilations: [1, 2, 2], pad: 'valid' },
  { ...plain, x: [0, 1, 4, 4, 3], channels: 4 },
  { ...plain, x: [1, 1, 1, 1, 5], channels: 3 },
  { ...plain, x: [1, 1, 3, 40, 4], channels: 8, size: [1, 1, 5] },
];

const depthwise: readonly Convolution[] = [1, 3, 4, 5, 7, 8, 9, 16, 17, 33].flatMap((inputs): Convolution[] => [
  { ...plain, x: [2, 1, 5, 6, inputs], channels: inputs, depthwise: true },
  { ...plain, x: [1, 1, 6, 5, inputs], channels: inputs * 2, strides: [1, 2, 2], pad: 'valid', depthwise: true },
  { ...plain, x: [1, 1, 6, 5, inputs], channels: inputs, dilations: [1, 2, 2], depthwise: true },
]);

const deep: readonly Convolution[] = pairs.slice(0, 6).flatMap(([inputs, channels]): Convolution[] => [
  { ...plain, x: [1, 4, 4, 3, inputs], channels, size: [2, 3, 3] },
  { ...plain, x: [2, 5, 4, 4, inputs], channels, size: [3, 2, 2], strides: [2, 1, 2], pad: 'valid' },
]);

/** Calls back for every product of the convolution: places in its result, its input and its filter. */
function eachProduct(test: Convolution, visit: (y: number, x: number, filter: number) => void): void {
  const [inputs, { channels }] = [test.x[4], test];
  for (const [window, cells] of windowsOf(test).seen.entries())
    for (const [cell, tap] of cells)
      for (let from = 0; from < inputs; from++) {
        const count = test.depthwise === true ? channels / inputs : channels;
        const first = test.depthwise === true ? from * count : 0;
        for (let index = 0; index < count; index++)
          visit(window * channels + first + index, cell * inputs + from, (tap * inputs + from) * count + index);
      }
}

interface Shapes {
  readonly isFlat: boolean;
  readonly x: Values;
  readonly filter: Values;
  readonly yShape: number[];
  readonly attrs: object;
}

function shapesOf(test: Convolution, isFlat: boolean): Shapes {
  const inputs = test.x[4];
  const count = test.depthwise === true ? test.channels / inputs : test.channels;
  return {
    isFlat,
    x: floats(flatten(test.x, 1, isFlat), 3),
    filter: floats(flatten([...test.size, inputs, count], 0, isFlat), 5),
    yShape: flatten([...windowsOf(test).out, test.channels], 1, isFlat),
    attrs: {
      strides: flatten(test.strides, 0, isFlat),
      dilations: flatten(test.dilations, 0, isFlat),
      pad: test.pad,
      dataFormat: isFlat ? 'NHWC' : 'NDHWC',
    },
  };
}

const tolerance = { relative: 1e-5, absolute: 3e-5 };

function forward(test: Convolution, x: ArrayLike<number>, filter: ArrayLike<number>, size: number): Float64Array {
  const y = new Float64Array(size);
  eachProduct(test, (to, from, weight) => {
    y[to]! += x[from]! * filter[weight]!;
  });
  return y;
}

function plainCases(tests: readonly Convolution[], isFlat: boolean): KernelCase[] {
  return tests.map((test): KernelCase => {
    const { x, filter, yShape: shape, attrs } = shapesOf(test, isFlat);
    const values = forward(test, x.values, filter.values, sizeOf(shape));
    return { inputs: { x, filter }, attrs, outputs: [{ shape, values }], tolerance };
  });
}

/** A NaN or an infinity reaches the results that see it, and no other. Not for 3 x 3 filters of many channels, which compute in patches. */
function specialCases(tests: readonly Convolution[], isFlat: boolean): KernelCase[] {
  return plainCases(tests, isFlat).flatMap((test, index) =>
    [NaN, Infinity, 1e-41].map((special): KernelCase => {
      const [x, filter] = [test.inputs['x']!, test.inputs['filter']!];
      const values = Float32Array.from(x.values, (value, at) => (at % 41 === 7 ? special : value));
      const [y] = test.outputs as readonly Expected[];
      return {
        ...test,
        inputs: { x: { ...x, values }, filter },
        outputs: [{ shape: y!.shape, values: forward(tests[index]!, values, filter.values, sizeOf(y!.shape)) }],
      };
    }),
  );
}

/** Gradients: the products of the convolution the other way round; those of the first few against finite differences too. */
function gradientCases(tests: readonly Convolution[], isFlat: boolean, by: 'input' | 'filter'): KernelCase[] {
  return tests
    .filter(({ strides, dilations }) => Math.max(...strides) === 1 || Math.max(...dilations) === 1)
    .flatMap((test, index): KernelCase[] => {
      const { x, filter, yShape, attrs } = shapesOf(test, isFlat);
      const dy = floats(yShape, 7);
      const [wanted, other] = by === 'input' ? [x, filter] : [filter, x];
      const values = new Float64Array(wanted.values.length);
      eachProduct(test, (y, from, weight) => {
        const [to, at] = by === 'input' ? [from, weight] : [weight, from];
        values[to]! += dy.values[y]! * other.values[at]!;
      });
      const inputs = by === 'input' ? { dy, filter } : { x, dy };
      const given = { inputs, attrs: { ...attrs, [by === 'input' ? 'inputShape' : 'filterShape']: wanted.shape } };
      const result = (list: ArrayLike<number>): KernelCase => ({
        ...given,
        outputs: [{ shape: wanted.shape, values: list }],
        tolerance: { relative: 1e-5, absolute: 1e-4 },
      });
      if (index > 3) return [result(values)];
      const run = (at: Float64Array): Float64Array =>
        by === 'input'
          ? forward(test, at, filter.values, dy.values.length)
          : forward(test, x.values, at, dy.values.length);
      return [result(values), result(slopeOf(run, wanted.values, dy.values))];
    });
}

const activations: Readonly<Record<string, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  elu: (x) => (x >= 0 ? x : Math.expm1(x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  leakyrelu: (x) => (x >= 0 ? x : 0.2 * x),
  prelu: (x) => (x >= 0 ? x : 0.4 * x),
};

/** With a bias for each channel and each activation. */
function fusedCases(tests: readonly Convolution[]): KernelCase[] {
  return plainCases(tests, true).flatMap((test, index) =>
    Object.entries(activations).map(([activation, f]): KernelCase => {
      const { channels } = tests[index]!;
      const [y] = test.outputs as readonly Expected[];
      const bias = floats([channels], 9);
      const slopes: Values = { shape: [channels], dtype: 'float32', values: new Float32Array(channels).fill(0.4) };
      return {
        ...test,
        inputs: { ...test.inputs, bias, ...(activation === 'prelu' ? { preluActivationWeights: slopes } : {}) },
        attrs: { ...test.attrs, activation, leakyreluAlpha: 0.2 },
        outputs: [
          { shape: y!.shape, values: Array.from(y!.values, (value, at) => f(value + bias.values[at % channels]!)) },
        ],
      };
    }),
  );
}

/** Convolutions and their gradients. */
export const convolutionCases: CasesByKernel = {
  Conv2D: () => [...plainCases(flat, true), ...specialCases(flat.slice(0, 8), true)],
  FusedConv2D: () => fusedCases(flat.filter((_, index) => index % 5 === 1)),
  Conv2DBackpropInput: () => gradientCases(flat, true, 'input'),
  Conv2DBackpropFilter: () => gradientCases(flat, true, 'filter'),
  DepthwiseConv2dNative: () => [...plainCases(depthwise, true), ...specialCases(depthwise.slice(0, 8), true)],
  FusedDepthwiseConv2D: () => fusedCases(depthwise.filter((_, index) => index % 5 === 1)),
  DepthwiseConv2dNativeBackpropInput: () => gradientCases(depthwise, true, 'input'),
  DepthwiseConv2dNativeBackpropFilter: () => gradientCases(depthwise, true, 'filter'),
  Conv3D: () => [...plainCases(deep, false), ...specialCases(deep.slice(0, 4), false)],
  Conv3DBackpropInputV2: () => gradientCases(deep, false, 'input'),
  Conv3DBackpropFilterV2: () => gradientCases(deep, false, 'filter'),
};
