import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {
  checkGradientRow,
  checkGradientRowOn,
  gradientRow,
  type GradientRow,
  rowsOn,
  uncoveredKernels,
} from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerGradients } from '../register-gradients.js';
import { gatheringGradients } from './gathering.js';

await tf.setBackend('cpu');
registerGradients();

const int = (values: number[], shape: number[]): tf.Tensor => tf.tensor(values, shape, 'int32');

const rows: GradientRow[] = [
  gradientRow('GatherV2', (x) => tf.gather(x, int([2, 0, 2, 1], [2, 2])), [[3, 2]]),
  gradientRow('GatherV2', (x) => tf.gather(x, int([2, 0, 2, 2], [4]), 1), [[2, 3, 2]]),
  gradientRow('GatherV2', (x) => tf.gather(x, int([2, 0, 1, 1], [2, 2]), 1, 1), [[2, 3, 2]]),
  gradientRow('GatherNd', (x) => tf.gatherND(x, int([1, 0, 0, 2, 1, 0], [3, 2])), [[2, 3, 2]]),
  gradientRow('ScatterNd', (x) => tf.scatterND(int([3, 0, 3], [3, 1]), x, [5, 2]), [[3, 2]]),
  gradientRow('UnsortedSegmentSum', (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, -1, 0, 1], 'int32'), 3), [[4, 2]], {
    except: ['wasm'],
  }),
];

describe('gatheringGradients', () => {
  it('refuse a batched gather along another axis', () => {
    const indices = tf.tensor2d([0, 1], [2, 1], 'int32');
    expect(() => tf.grad((x) => tf.gather(x, indices, 2, 1))(tf.ones([2, 3, 4]))).toThrow(
      expect.objectContaining({ code: 'GS_AUTODIFF_GATHER', received: 'axis 2 with batchDims 1' }),
    );
  });
  it('are all checked', () => expect(uncoveredKernels(gatheringGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
