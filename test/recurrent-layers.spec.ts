import { registerGradients } from '@gradstream/autodiff';
import { useBackend } from 'gradstream';
import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { checkCase, recurrentCases } from '../packages/layers/fixtures/recurrent-cases.js';

beforeAll(async () => {
  registerGradients();
  expect((await useBackend('wasm-simd')).name).toBe('wasm-simd');
});

describe("Keras' recurrent layers on wasm-simd", () => {
  it.each(recurrentCases)('$label', (given) =>
    checkCase(given, {
      gradients: given.layer !== 'ConvLSTM3D' || (tf.getGradient('Conv3D') as unknown) !== undefined,
    }),
  );
});
