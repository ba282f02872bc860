import { floats, sizeOf, slopeOf } from './kernel-case.js';
import type { CasesByKernel, KernelCase, Values } from './kernel-case.js';
import { flatten, windowsOf } from './windows.js';
import type { WindowSetup } from './windows.js';

const channels = [1, 3, 4, 5, 8, 9, 17];
const dilations = [1, 1, 1] as const;

const flat: readonly WindowSetup[] = [
  ...channels.flatMap((count): WindowSetup[] => [
    { x: [1, 1, 5, 4, count], size: [1, 2, 2], strides: [1, 2, 2], dilations, pad: 'same' },
    { x: [2, 1, 4, 3, count], size: [1, 3, 2], strides: [1, 1, 2], dilations, pad: 'valid' },
    { x: [1, 1, 4, 5, count], size: [1, 3, 3], strides: [1, 1, 1], dilations, pad: 'same' },
  ]),
  { x: [0, 1, 4, 4, 3], size: [1, 2, 2], strides: [1, 2, 2], dilations, pad: 'same' },
  { x: [1, 1, 1, 1, 1], size: [1, 1, 1], strides: [1, 1, 1], dilations, pad: 'valid' },
];

const deep: readonly WindowSetup[] = channels.slice(0, 5).flatMap((count): WindowSetup[] => [
  { x: [1, 3, 4, 3, count], size: [2, 2, 2], strides: [2, 2, 1], dilations, pad: 'same' },
  { x: [1, 3, 3, 4, count], size: [2, 3, 2], strides: [1, 1, 2], dilations, pad: 'valid' },
]);

/** Numbers that are all different by more than a step of a finite difference, in no order. */
function distinct(shape: readonly number[]): Values {
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, at) => ((at * 389) % 1009) / 100 - 5);
  return { shape, dtype: 'float32', values };
}

function pooled(setup: WindowSetup, average: boolean, x: ArrayLike<number>): Float64Array {
  const count = setup.x[4];
  const { seen } = windowsOf(setup);
  const y = new Float64Array(seen.length * count);
  for (const [window, cells] of seen.entries())
    for (let channel = 0; channel < count; channel++) {
      const list = cells.map(([cell]) => x[cell * count + channel]!);
      y[window * count + channel] = average
        ? list.reduce((sum, value) => sum + value, 0) / list.length
        : list.reduce((a, b) => Math.max(a, b), -Infinity);
    }
  return y;
}

function cases(tests: readonly WindowSetup[], isFlat: boolean, average: boolean, gradient: boolean): KernelCase[] {
  return tests.map((test): KernelCase => {
    const x = distinct(flatten(test.x, 1, isFlat));
    const shape = flatten([...windowsOf(test).out, test.x[4]], 1, isFlat);
    const values = pooled(test, average, x.values);
    const attrs = {
      filterSize: flatten(test.size, 0, isFlat),
      strides: flatten(test.strides, 0, isFlat),
      pad: test.pad,
      dataFormat: isFlat ? 'NHWC' : 'NDHWC',
    };
    const tolerance = { relative: 1e-6, absolute: 1e-5 };
    if (!gradient) return { inputs: { x }, attrs, outputs: [{ shape, values }], tolerance };
    const dy = floats(shape, 3);
    const output: Values = { shape, dtype: 'float32', values: Float32Array.from(values) };
    return {
      inputs: { dy, input: x, ...(average ? {} : { output }) },
      attrs,
      outputs: [{ shape: x.shape, values: slopeOf((at) => pooled(test, average, at), x.values, dy.values) }],
      tolerance,
    };
  });
}

/** Maxima and averages over windows; gradients against finite differences. */
export const poolingCases: CasesByKernel = Object.fromEntries(
  [true, false].flatMap((isFlat) =>
    [true, false].flatMap((average) =>
      [true, false].map((gradient) => [
        `${average ? 'Avg' : 'Max'}Pool${isFlat ? '' : '3D'}${gradient ? 'Grad' : ''}`,
        () => cases(isFlat ? flat : deep, isFlat, average, gradient),
      ]),
    ),
  ),
);
