import '@tensorflow/tfjs-backend-cpu';
import { checkGradientRow, uncoveredKernels } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { rows } from '../../fixtures/rows/convolution.js';
import { registerGradients } from '../register-gradients.js';
import { convolutionGradients } from './convolution.js';

await tf.setBackend('cpu');
registerGradients();

describe('convolutionGradients', () => {
  it('are all checked', () => expect(uncoveredKernels(convolutionGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
});
