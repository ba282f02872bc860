import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type WasmSimdBackend, wasmSimdBackend } from '../../index.js';

let backend: WasmSimdBackend;

beforeAll(async () => {
  await wasmSimdBackend().start();
  await tf.setBackend('wasm-simd');
  backend = tf.backend() as WasmSimdBackend;
});

beforeEach(() => backend.resetFallbacks());
afterAll(() => tf.setBackend('wasm-simd'));

const numbered = (shape: number[], dtype: 'float32' | 'int32' | 'bool' = 'float32'): tf.Tensor => {
  const size = shape.reduce((product, count) => product * count, 1);
  return tf.tensor(
    Array.from({ length: size }, (_, index) => (dtype === 'bool' ? Number(index % 3 === 0) : index + 1)),
    shape,
    dtype,
  );
};

const cases: readonly [string, () => tf.Tensor | tf.Tensor[]][] = [
  ...[
    [5, 7],
    [4, 4],
    [1, 9],
    [9, 1],
    [33, 65],
    [0, 4],
  ].map(([m, n]): [string, () => tf.Tensor] => [`transpose of ${m} x ${n}`, () => tf.transpose(numbered([m!, n!]))]),
  ...[
    [0, 2, 1],
    [2, 0, 1],
    [1, 0, 2],
    [2, 1, 0],
  ].map((perm): [string, () => tf.Tensor] => [`transpose [${perm}]`, () => tf.transpose(numbered([5, 6, 7]), perm)]),
  ['transpose of five dimensions', () => tf.transpose(numbered([2, 3, 4, 5, 6]), [4, 2, 0, 3, 1])],
  ['transpose of bool', () => tf.transpose(numbered([5, 6], 'bool'))],
  ['transpose of int32', () => tf.transpose(numbered([5, 6], 'int32'))],
  ['slice in the middle', () => tf.slice(numbered([6, 7, 8]), [1, 2, 3], [4, 3, 5])],
  ['slice of rows', () => tf.slice(numbered([60, 7]), [10, 0], [20, 7])],
  ['slice of nothing', () => tf.slice(numbered([6, 7]), [2, 2], [0, 3])],
  ['slice of bool', () => tf.slice(numbered([6, 70], 'bool'), [1, 2], [3, 67])],
  ['tile', () => tf.tile(numbered([2, 3]), [3, 2])],
  ['tile of one dimension', () => tf.tile(numbered([5]), [4])],
  ['tile of none', () => tf.tile(numbered([2, 3]), [0, 2])],
  ['reverse', () => tf.reverse(numbered([3, 4, 5]), [0, 2])],
  ['reverse of all', () => tf.reverse(numbered([17]))],
  [
    'pad',
    () =>
      tf.pad(
        numbered([2, 3, 4]),
        [
          [1, 2],
          [0, 0],
          [3, 1],
        ],
        -1,
      ),
  ],
  [
    'pad of int32',
    () =>
      tf.pad(
        numbered([2, 3], 'int32'),
        [
          [1, 0],
          [0, 2],
        ],
        9,
      ),
  ],
  ['concat of rows', () => tf.concat([numbered([2, 5]), numbered([3, 5]), numbered([1, 5])], 0)],
  ['concat of columns', () => tf.concat([numbered([4, 2]), numbered([4, 30]), numbered([4, 0]), numbered([4, 1])], 1)],
  ['stack', () => tf.stack([numbered([2, 3]), numbered([2, 3]), numbered([2, 3])], 1)],
  ['unstack', () => tf.unstack(numbered([3, 4, 5]), 1)],
  ['split', () => tf.split(numbered([4, 9]), [2, 3, 4], 1)],
  ['gather of rows', () => tf.gather(numbered([7, 5]), tf.tensor1d([6, 0, 3, 3], 'int32'))],
  ['gather of columns', () => tf.gather(numbered([3, 7]), tf.tensor1d([6, 0, 3], 'int32'), 1)],
  [
    'gather of a middle axis by a matrix',
    () => tf.gather(numbered([3, 7, 2]), tf.tensor2d([6, 0, 3, 1], [2, 2], 'int32'), 1),
  ],
  ['gather in batches', () => tf.gather(numbered([2, 7, 3]), tf.tensor2d([6, 0, 3, 1], [2, 2], 'int32'), 1, 1)],
  ['gather of bool', () => tf.gather(numbered([7, 5], 'bool'), tf.tensor1d([6, 0, 3, 3], 'int32'))],
  ['one-hot', () => tf.oneHot(tf.tensor1d([0, 3, -1, 4, 2], 'int32'), 4, 2, -1)],
  ['one-hot as float32', () => tf.oneHot(tf.tensor1d([0, 3, 2], 'int32'), 4, 0.9, 0.1, 'float32')],
  ['segment sum', () => tf.unsortedSegmentSum(numbered([5, 7]), tf.tensor1d([2, 0, 2, -1, 1], 'int32'), 4)],
  ['strided slice', () => tf.stridedSlice(numbered([6, 7, 8]), [1, 6, 0], [6, 0, 8], [2, -3, 1])],
  ['strided slice backwards', () => tf.stridedSlice(numbered([9, 3]), [8, 0], [0, 3], [-2, 1])],
  [
    'strided slice with a new dimension',
    () => tf.stridedSlice(numbered([4, 5]), [0, 0, 1], [4, 1, 5], [2, 1, 2], 0, 0, 0, 2),
  ],
  ['strided slice with an ellipsis', () => tf.stridedSlice(numbered([3, 4, 5]), [0, 1], [3, 5], [1, 2], 0, 0, 1)],
  ['strided slice of nothing', () => tf.stridedSlice(numbered([4, 5]), [2, 0], [2, 5], [1, 2])],
  ['strided slice of the whole', () => tf.stridedSlice(numbered([4, 5]), [0, 0], [4, 5], [1, 1])],
  ['strided slice of bool', () => tf.stridedSlice(numbered([40], 'bool'), [1], [40], [3])],
  ['scatter', () => tf.scatterND(tf.tensor2d([4, 0, 4, 2], [4, 1], 'int32'), numbered([4, 7]), [6, 7])],
  [
    'scatter of single elements',
    () => tf.scatterND(tf.tensor2d([1, 0, 0, 3, 1, 0], [3, 2], 'int32'), numbered([3]), [2, 5]),
  ],
  ['scatter of int32', () => tf.scatterND(tf.tensor2d([1, 1], [2, 1], 'int32'), numbered([2, 3], 'int32'), [3, 3])],
  ['scatter of nothing', () => tf.scatterND(tf.zeros([0, 1], 'int32'), tf.zeros([0, 3]), [4, 3])],
  [
    'scattered update',
    () => tf.tensorScatterUpdate(numbered([5, 3]), tf.tensor2d([4, 1], [2, 1], 'int32'), tf.neg(numbered([2, 3]))),
  ],
  [
    'gather by several indices',
    () => tf.gatherND(numbered([3, 4, 5]), tf.tensor2d([2, 3, 0, 0, 1, 1], [3, 2], 'int32')),
  ],
  [
    'gather of single elements',
    () => tf.gatherND(numbered([3, 4], 'bool'), tf.tensor3d([2, 3, 0, 0, 1, 1, 2, 2], [2, 2, 2], 'int32')),
  ],
  ['depth to space', () => tf.depthToSpace(numbered([2, 3, 4, 12]) as tf.Tensor4D, 2)],
  [
    'space to batch',
    () =>
      tf.spaceToBatchND(
        numbered([2, 5, 6, 3]),
        [2, 3],
        [
          [1, 0],
          [0, 3],
        ],
      ),
  ],
  ['space to batch of one dimension', () => tf.spaceToBatchND(numbered([2, 6, 3]), [2], [[1, 1]])],
  [
    'batch to space',
    () =>
      tf.batchToSpaceND(
        numbered([12, 3, 4, 2]),
        [2, 3],
        [
          [1, 0],
          [0, 2],
        ],
      ),
  ],
  [
    'reflected padding',
    () =>
      tf.mirrorPad(
        numbered([3, 4, 5]),
        [
          [2, 1],
          [0, 3],
          [4, 0],
        ],
        'reflect',
      ),
  ],
  [
    'symmetric padding',
    () =>
      tf.mirrorPad(
        numbered([3, 4]),
        [
          [3, 2],
          [1, 4],
        ],
        'symmetric',
      ),
  ],
  ['range', () => tf.range(3, 20, 4)],
  ['range downwards', () => tf.range(5, -3, -2, 'int32')],
  ['range without a step', () => tf.range(5, 1)],
  ['range of nothing', () => tf.range(2, 2)],
  ['numbers at equal distances', () => tf.linspace(-1, 2, 7)],
  ['one number of a range', () => tf.linspace(-1, 2, 1)],
  ['and of a row and a column', () => tf.logicalAnd(numbered([5, 1], 'bool'), numbered([1, 7], 'bool'))],
  ['or with a scalar', () => tf.logicalOr(numbered([5, 3], 'bool'), tf.scalar(true, 'bool'))],
  ['equality of bool', () => tf.equal(numbered([5, 1], 'bool'), numbered([7], 'bool'))],
  ['the order of bool', () => tf.less(numbered([9], 'bool'), tf.reverse(numbered([9], 'bool')))],
  ['large transpose', () => tf.transpose(numbered([300, 217]))],
  ['large transpose of four dimensions', () => tf.transpose(numbered([8, 30, 4, 31]), [0, 2, 1, 3])],
];

it.each(cases)('%s moves the same elements as the cpu backend', async (_, run) => {
  const describe = (result: tf.Tensor | tf.Tensor[]): unknown =>
    (Array.isArray(result) ? result : [result]).map((y) => ({
      shape: y.shape,
      dtype: y.dtype,
      values: [...y.dataSync()],
    }));
  const got = tf.tidy(() => describe(run()) as tf.TensorContainer);
  expect(backend.fallbacks()).toEqual({});
  await tf.setBackend('cpu');
  const expected = tf.tidy(() => describe(run()) as tf.TensorContainer);
  await tf.setBackend('wasm-simd');
  expect(got).toEqual(expected);
});

it.each([
  ['ScatterNd', () => tf.scatterND(tf.tensor2d([0, 3, 1], [3, 1], 'int32'), numbered([3, 2]), [3, 2])],
  ['ScatterNd', () => tf.scatterND(tf.tensor2d([0, 0, 0, 2], [2, 2], 'int32'), numbered([2]), [3, 2])],
  [
    'TensorScatterUpdate',
    () => tf.tensorScatterUpdate(numbered([3]), tf.tensor2d([-1], [1, 1], 'int32'), numbered([1])),
  ],
  ['GatherNd', () => tf.gatherND(numbered([3, 4]), tf.tensor2d([0, 4], [1, 2], 'int32'))],
] as const)('%s names the index that is out of range, and leaks nothing', (name, run) => {
  const before = backend.memory().heap.used;
  expect(() => tf.tidy(run)).toThrow(new RegExp(`GS_BACKEND_KERNEL .*${name}.*in row`, 's'));
  expect(backend.memory().heap.used).toBe(before);
});

it('cuts with a step and without a dimension at once, where tfjs-backend-cpu mixes dimensions up', () => {
  const y = tf.tidy(() => tf.stridedSlice(numbered([4, 5, 6]), [0, 1, 2], [4, 5, 4], [1, 2, 1], 1, 2, 0, 0, 4));
  // x[:, 1::2, 2]
  expect(y.shape).toEqual([4, 2]);
  expect([...y.dataSync()]).toEqual([9, 21, 39, 51, 69, 81, 99, 111]);
  expect(backend.fallbacks()).toEqual({});
});

it('refuses an index that is out of range, and leaks nothing', () => {
  const before = backend.memory().heap.used;
  expect(() => tf.tidy(() => tf.gather(numbered([3, 2]), tf.tensor1d([0, 3], 'int32')))).toThrow(/3.*not in/);
  expect(backend.memory().heap.used).toBe(before);
});
