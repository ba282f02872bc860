import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fallbackCounts } from '../../cpu/cpu-fallback.js';
import { fillGaps } from './fill-gaps.js';
import type { PackageBackend } from './package-backend.js';

const NAME = 'tensorflow';
const GRADIENTS = [
  'Conv2DBackpropInput',
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
] as const;

/** The cpu backend with the gaps of tfjs-node: a kernel is missing, and others refuse what theirs refuse. */
beforeAll(async () => {
  const backend = new MathBackendCPU();
  Object.assign(backend, { firstUse: false });
  tf.registerBackend(NAME, () => backend);
  tf.copyRegisteredKernels('cpu', NAME);
  tf.unregisterKernel('SearchSorted', NAME);
  for (const kernelName of [...GRADIENTS, 'MaxPool', 'Neg']) {
    const { kernelFunc } = tf.getKernel(kernelName, 'cpu');
    tf.unregisterKernel(kernelName, NAME);
    tf.registerKernel({
      kernelName,
      backendName: NAME,
      kernelFunc: (call) => {
        if (kernelName === 'Neg') throw new Error('Invalid TF_Status: 8\nMessage: out of memory');
        const pad: unknown = call.attrs?.['pad'];
        if (pad !== 'same' && pad !== 'valid' && pad !== 0)
          throw new Error("TF Backend supports only 'valid' and 'same' padding while padding was EXPLICIT");
        return kernelFunc(call);
      },
    });
  }
  const described = Object.assign(backend, { tensorMap: backend.data }) as unknown as PackageBackend;
  await fillGaps(described);
  await fillGaps(described);
});
afterAll(() => tf.removeBackend(NAME));

const numbers = (shape: number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((all, size) => all * size, 1) }, (_, index) => Math.sin(index + 1)),
    shape,
  );

/** What a kernel gives on either backend. */
async function onBoth(run: () => tf.Tensor): Promise<[number[], number[]]> {
  const results: number[][] = [];
  for (const name of [NAME, 'cpu']) {
    await tf.setBackend(name);
    const before = tf.memory().numTensors;
    results.push(tf.tidy(() => [...run().dataSync()]));
    expect(tf.memory().numTensors).toBe(before);
  }
  return [results[0]!, results[1]!];
}

describe('fillGaps', () => {
  const around = [
    [0, 0],
    [1, 2],
    [0, 1],
    [0, 0],
  ];
  it.each<[string, unknown, number]>([
    ['explicit', around, 1],
    ['explicit, with strides', around, 2],
    ['a number', 1, 1],
    ['none', 'valid', 1],
  ])('gives the gradients of convolutions with padding: %s', async (_, pad, strides) => {
    // tfjs-core takes a filter for square where the padding is a number.
    const shapes = { inputShape: [2, 5, 4, 2], filterShape: [3, pad === 1 ? 3 : 2, 2, 2] };
    for (const depthwise of [false, true]) {
      const run = depthwise ? tf.depthwiseConv2d : tf.conv2d;
      await tf.setBackend('cpu');
      const filters = depthwise ? 4 : 2;
      const { shape } = tf.tidy(() =>
        (run as (...values: unknown[]) => tf.Tensor)(
          numbers(shapes.inputShape),
          numbers(shapes.filterShape),
          strides,
          pad,
        ),
      );
      expect(shape.at(-1)).toBe(filters);
      const attributes = { strides: [strides, strides], pad, dataFormat: 'NHWC', dilations: [1, 1], ...shapes };
      const prefix = depthwise ? 'DepthwiseConv2dNative' : 'Conv2D';
      for (const which of ['Input', 'Filter']) {
        const [ours, theirs] = await onBoth(() => {
          const dy = numbers(shape);
          const inputs: tf.NamedTensorMap =
            which === 'Input' ? { dy, filter: numbers(shapes.filterShape) } : { x: numbers(shapes.inputShape), dy };
          return tf.engine().runKernel(`${prefix}Backprop${which}`, inputs, attributes as unknown as tf.NamedAttrMap);
        });
        expect(ours.length).toBe(theirs.length);
        ours.forEach((value, index) => expect(value).toBeCloseTo(theirs[index]!, 5));
      }
    }
  });

  it('lets the cpu backend serve what is missing and what is refused, and counts it', async () => {
    const [found] = await onBoth(() => tf.searchSorted(tf.tensor1d([1, 3, 5]), tf.tensor1d([2, 4])));
    expect(found).toEqual([1, 2]);
    const [pooled, same] = await onBoth(() => tf.maxPool(numbers([1, 4, 4, 1]) as tf.Tensor4D, 3, 2, 1));
    expect(pooled).toEqual(same);
    expect(fallbackCounts(NAME)).toMatchObject({ SearchSorted: 1, MaxPool: 1 });
    expect(fallbackCounts('wasm')).not.toHaveProperty('SearchSorted');
  });

  it('leaves errors that are no refusals', async () => {
    await tf.setBackend(NAME);
    expect(() => tf.tidy(() => tf.neg(tf.tensor1d([1])))).toThrow('out of memory');
  });
});
