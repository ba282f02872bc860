import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerWasmSimd } from '../../wasm-simd.js';

const counts = [1, 2, 3];
const nameOf = (threads: number): string => `convolution-${threads}`;

beforeAll(async () => {
  for (const threads of counts) await registerWasmSimd(nameOf(threads), 'simd-threads', threads);
});

afterAll(() => {
  for (const threads of counts) tf.removeBackend(nameOf(threads));
});

/** Numbers between -1 and 1 that follow from the index alone. */
const values = (shape: readonly number[], seed: number): tf.Tensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  const hash = (index: number): number => (Math.imul(index + seed, 2_654_435_761) >>> 0) / 2 ** 31 - 1;
  return tf.tensor(
    Float32Array.from({ length: size }, (_, index) => hash(index)),
    [...shape],
  );
};

interface Case {
  readonly x: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly stride?: number;
  readonly depthwise?: boolean;
}

it.each<Case>([
  { x: [9, 28, 28, 1], filter: [3, 3, 1, 32] },
  { x: [9, 13, 13, 32], filter: [3, 3, 32, 64] },
  { x: [1, 57, 45, 20], filter: [3, 3, 20, 28] },
  { x: [2, 30, 31, 3], filter: [5, 5, 3, 11], stride: 2 },
  { x: [1, 14, 14, 64], filter: [1, 1, 64, 96] },
  { x: [3, 30, 31, 24], filter: [3, 3, 24, 1], depthwise: true },
  { x: [3, 17, 15, 5], filter: [3, 3, 5, 2], stride: 2, depthwise: true },
])('convolution and pooling %o have the same bits on any number of threads', async (test) => {
  const { depthwise = false, stride = 1 } = test;
  const [x, filter] = [[...test.x], [...test.filter]] as [
    [number, number, number, number],
    [number, number, number, number],
  ];
  const info = tf.backend_util.computeConv2DInfo(x, filter, stride, 1, 'same', undefined, depthwise);
  const pooled = tf.backend_util.computePool2DInfo(x, 3, 2, 1, 'same');
  const name = depthwise ? 'DepthwiseConv2dNative' : 'Conv2D';
  const attrs = { strides: [stride, stride], dilations: [1, 1], pad: 'same', inputShape: x, filterShape: filter };
  const window = { filterSize: [3, 3], strides: [2, 2], pad: 'same' };
  let first: number[][] | undefined;
  for (const threads of counts) {
    await tf.setBackend(nameOf(threads));
    const run = (kernel: string, inputs: Record<string, tf.Tensor>, options: object): number[] => {
      const result = tf.engine().runKernel(kernel, inputs, options as tf.NamedAttrMap) as tf.Tensor;
      return [...new Int32Array((result.dataSync() as Float32Array).buffer)];
    };
    const got = tf.tidy(() => {
      const [input, weights, dy] = [values(x, 1), values(filter, 2), values(info.outShape, 3)];
      const back = values(pooled.outShape, 4);
      return [
        run(name, { x: input, filter: weights }, attrs),
        run(`${name}BackpropInput`, { dy, filter: weights }, attrs),
        run(`${name}BackpropFilter`, { x: input, dy }, attrs),
        ...['MaxPool', 'AvgPool'].flatMap((kernel) => [
          run(kernel, { x: input }, window),
          run(`${kernel}Grad`, { dy: back, input, output: back }, window),
        ]),
      ];
    });
    first ??= got;
    for (const [index, bits] of got.entries()) expect(bits).toEqual(first[index]);
  }
});
