import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAsCpu, numbersOf, plainMoves, startPlain, type PlainBackend } from '../testing/plain-backend.js';
import { einsumKernels } from './einsum.js';
import { fillKernels } from './fill.js';
import type { Kernel } from './kernel.js';
import { floatWord } from './float-word.js';
import { broadcastIndex, matrixProductKernels } from './matrix-product.js';
import { movementKernels } from './movement/movement.js';
import { runOwn, uncovered } from './run-own.js';
import { sequenceKernels } from './sequence.js';
import { sharingKernels } from './sharing.js';

/** A kernel that is tfjs-backend-cpu's. */
const cpuKernel = (name: string): Kernel<PlainBackend> => ({
  name,
  run: ({ inputs, attrs, backend }) =>
    tf.getKernel(name, 'cpu')!.kernelFunc({ inputs, attrs, backend }) as TensorInfo | TensorInfo[],
});

const parts = [
  ...movementKernels('plain-backend', plainMoves),
  cpuKernel('Sum'),
  ...matrixProductKernels<PlainBackend>({
    product(own, a, b, transposeA, transposeB) {
      const attrs = { transposeA, transposeB } as unknown as NamedAttrMap;
      return tf.getKernel('BatchMatMul', 'cpu')!.kernelFunc({ inputs: { a, b }, attrs, backend: own }) as TensorInfo;
    },
    fused(own, a, b, transpose, bias, activation, alpha) {
      if (activation === 'unheard of') return undefined;
      const attrs = { transposeA: transpose.a, transposeB: transpose.b, activation, leakyreluAlpha: alpha };
      const call = { inputs: { a, b, ...(bias && { bias }) }, attrs: attrs as unknown as NamedAttrMap, backend: own };
      return tf.getKernel('_FusedMatMul', 'cpu')!.kernelFunc(call) as TensorInfo;
    },
  }),
];
let backend: PlainBackend;
beforeAll(async () => {
  backend = await startPlain([
    ...sharingKernels,
    ...fillKernels(plainMoves),
    ...sequenceKernels<PlainBackend>((own, count, dtype, start, step) => {
      const y = own.output([count], dtype);
      numbersOf(own, y).forEach((_, index, numbers) => (numbers[index] = start + index * step));
      return y;
    }),
    ...einsumKernels('plain-backend', parts),
    ...parts,
  ]);
});

const a = (): tf.Tensor => tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 2, 3]);

describe('shared kernels', () => {
  it.each<[string, () => tf.Tensor | tf.Tensor[]]>([
    ['Identity', () => tf.clone(a())],
    ['Reshape', () => tf.reshape(a(), [3, -1])],
    ['ExpandDims', () => [tf.expandDims(a(), 1), tf.expandDims(a(), -1)]],
    ['ZerosLike', () => tf.zerosLike(a())],
    ['OnesLike', () => tf.onesLike(a())],
    ['Fill', () => [tf.fill([2, 3], 7), tf.fill([2], 1, 'bool'), tf.fill([0], 1, 'int32')]],
    ['Range', () => [tf.range(1, 6, 2), tf.range(5, 0), tf.range(3, 3), tf.range(0, -4, -1, 'int32')]],
    ['LinSpace', () => [tf.linspace(0, 1, 5), tf.linspace(3, 9, 1)]],
    ['Einsum of one operand', () => tf.einsum('abc->ca', a())],
    ['Einsum with a batch', () => tf.einsum('abc,acd->abd', a(), tf.transpose(a(), [0, 2, 1]))],
    ['Einsum in another order', () => tf.einsum('abc,dbc->da', a(), a())],
    ['Einsum with letters of one operand alone', () => tf.einsum('abc,be->a', a(), tf.ones([2, 4]))],
  ])('%s', async (_, run) => expectAsCpu(run));

  it('an Einsum whose operand has another number of dimensions than letters is refused', () => {
    expect(() => tf.einsum('ab->a', a())).toThrow(expect.objectContaining({ code: 'GS_BACKEND_KERNEL' }));
  });

  it('what none of them covers runs on tfjs-backend-cpu and is counted', () => {
    backend.fallen.length = 0;
    const texts = tf.fill([2], 'a' as unknown as number);
    expect([...texts.dataSync()]).toEqual(['a', 'a']);
    expect(backend.fallen).toEqual(['Fill']);
    texts.dispose();
  });
});

describe('matrix products', () => {
  const [x, kernel] = [(): tf.Tensor2D => tf.tensor2d([1, 2, 3, 4], [2, 2]), (): tf.Tensor2D => tf.eye(2)];

  it.each<[string, () => tf.Tensor]>([
    ['transposed', () => tf.matMul(x(), x(), true, true)],
    ['with a bias', () => tf.fused.matMul({ a: x(), b: kernel(), bias: tf.tensor1d([-2, -2]), activation: 'relu' })],
  ])('%s', async (_, run) => expectAsCpu(run));

  it('of a dense layer', () => {
    const dense = (activation: string, bias: number[]): number[] | string[] =>
      tf.tidy(() => {
        backend.fallen.length = 0;
        const inputs = { x: x(), kernel: kernel(), bias: tf.tensor1d(bias) };
        try {
          return [...tf.engine().runKernel<tf.Tensor>('GradstreamDense', inputs, { activation }).dataSync()];
        } catch (error) {
          return [(error as { code: string }).code];
        }
      });
    expect(dense('relu', [-2, 1])).toEqual([0, 3, 1, 5]);
    expect(dense('relu', [1])).toEqual(['GS_BACKEND_KERNEL']);
    expect(dense('unheard of', [-2, 1])).toEqual(['GS_BACKEND_KERNEL']);
  });

  it('find the matrices of a batch that is broadcast', () => {
    const at = broadcastIndex([3, 1], [2, 3, 2]);
    expect(Array.from({ length: 12 }, (_, index) => at(index))).toEqual([0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2]);
  });
});

it('the word of a float is its bits', () => {
  expect([1, -0, 0.1].map((value) => floatWord(value))).toEqual([0x3f800000, -(2 ** 31), 0x3dcccccd]);
});

describe('a kernel that is made of others', () => {
  const nothing: Kernel<object> = { name: 'Nothing', run: () => undefined };
  const x: TensorInfo = { dataId: {}, shape: [2, 3], dtype: 'int32' };

  it('runs them by name, and gives the first of several results', () => {
    const several: Kernel<object> = { name: 'Several', run: () => [x, { ...x, shape: [1] }] };
    expect(runOwn('a-backend', [nothing, several])({}, 'Several', {})).toBe(x);
  });

  it('says which one does not cover what it got', () => {
    const says = {
      code: 'GS_BACKEND_KERNEL',
      message: expect.stringMatching(/a-backend\/Nothing[^]*x int32 \[2, ?3\]; attributes \{"axis":1\}/),
    };
    expect(() => runOwn('a-backend', [nothing])({}, 'Nothing', { x }, { axis: 1 })).toThrow(
      expect.objectContaining(says),
    );
    expect(() => runOwn('a-backend', [])({}, 'Absent', { x })).toThrow(/a-backend\/Absent/);
    expect(uncovered('a-backend', 'Nothing', { x } as never, { axis: 1 } as NamedAttrMap)).toMatchObject(says);
  });
});
