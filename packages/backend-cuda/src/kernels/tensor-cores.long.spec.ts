import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noEmulator, numbers, onEmulator, startOnEmulator } from '../../testing/emulator.js';
import { expectRounded, transposes } from '../../testing/expect-rounded.js';
import { CUDA } from '../cuda.js';
import type { CudaBackend } from '../cuda-backend.js';
import type { Rounding, Roundings } from '../internal/rounding.js';

describe.skipIf(noEmulator !== undefined)(`products by tensor cores, ${onEmulator}`, () => {
  let backend: CudaBackend;
  beforeAll(async () => void ({ backend } = await startOnEmulator({ tensorCores: true })), 600_000);
  afterAll(() => tf.removeBackend(CUDA));

  it.each([
    ['bf16', 'mixedBfloat16'],
    ['f16', 'mixedFloat16'],
    ['tf32', 'float32'],
  ] as const)(
    'of %s are right in tiles of every size',
    async (rounding, precision) => {
      backend.usePrecision(precision);
      backend.runtime.roundings.of = () => rounding;
      const kernels = new Set<string>();
      const launch = backend.runtime.launch;
      backend.runtime.launch = function (kernel, ...rest) {
        kernels.add(kernel.name);
        launch.call(this, kernel, ...rest);
      };
      try {
        for (const [ta, tb] of transposes) {
          const given = [numbers(ta ? [41, 260] : [260, 41]), numbers(tb ? [250, 41] : [41, 250], 2)];
          await expectRounded(given, (x, y) => tf.matMul(x!, y!, ta, tb), rounding);
          tf.dispose(given);
        }
        for (const [from, to] of [
          [3, 16],
          [17, 16],
          [17, 32],
          [17, 64],
          [49, 132],
          [16, 13],
          [32, 13],
          [64, 13],
          [132, 13],
          [16, 32],
          [8, 64],
          [8, 132],
          [48, 132],
          [32, 48],
          [132, 8],
          [5, 6],
        ] as const) {
          const attrs = { strides: 1, pad: 'same', dilations: 1, dataFormat: 'NHWC' };
          const run = (name: string, inputs: Record<string, tf.Tensor>, more: object): tf.Tensor =>
            tf.engine().runKernel(name, inputs, { ...attrs, ...more } as never) as tf.Tensor;
          const [x, filter, dy] = [
            numbers([2, 16, 17, from]),
            numbers([3, 3, from, to], 2),
            numbers([2, 16, 17, to], 3),
          ];
          const stored: [number?, Rounding?] = rounding === 'tf32' ? [] : [0, rounding];
          await expectRounded([x, filter], (a, c) => run('Conv2D', { x: a!, filter: c! }, {}), rounding, ...stored);
          const back = { inputShape: x.shape, filterShape: filter.shape };
          await expectRounded(
            [dy, filter],
            (a, c) => run('Conv2DBackpropInput', { dy: a!, filter: c! }, back),
            rounding,
            ...stored,
          );
          await expectRounded([x, dy], (a, c) => run('Conv2DBackpropFilter', { x: a!, dy: c! }, back), rounding);
          tf.dispose([x, filter, dy]);
        }
      } finally {
        backend.runtime.launch = launch;
        delete (backend.runtime.roundings as Partial<Roundings>).of;
      }
      const wanted = ['nn', 'nt', 'tn', 'tt'].map((letters) => `gemm_128_${letters}_${rounding}`);
      for (const size of ['64', '128', '128x16', '128x32', '128x64'])
        for (const any of ['', '_any'])
          wanted.push(...['conv', 'conv_input', 'conv_filter'].map((kind) => `${kind}${any}_${size}_${rounding}`));
      expect(wanted.filter((name) => !kernels.has(name))).toEqual([]);
    },
    300_000,
  );
});
