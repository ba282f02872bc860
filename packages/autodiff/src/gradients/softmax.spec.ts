import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { checkGradientRow, checkGradientRowOn, rowsOn, uncoveredKernels } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../../fixtures/rows/softmax.js';
import { registerGradients } from '../register-gradients.js';
import { softmaxGradients } from './softmax.js';

await tf.setBackend('cpu');
registerGradients();

describe('softmaxGradients', () => {
  // No backend has the kernel LogSoftmax now; one that has may come.
  const kernelFunc: tf.KernelFunc = ({ inputs }) => tf.log(tf.softmax(inputs['logits'] as tf.Tensor));
  beforeAll(() => tf.registerKernel({ kernelName: 'LogSoftmax', backendName: 'cpu', kernelFunc }));
  afterAll(() => tf.unregisterKernel('LogSoftmax', 'cpu'));

  it('are all checked', () => expect(uncoveredKernels(softmaxGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
