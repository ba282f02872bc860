import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { checkGradientRow, checkGradientRowOn, rowsOn, uncoveredKernels } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { rows } from '../../fixtures/rows/gathering.js';
import { registerGradients } from '../register-gradients.js';
import { gatheringGradients } from './gathering.js';

await tf.setBackend('cpu');
registerGradients();

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
