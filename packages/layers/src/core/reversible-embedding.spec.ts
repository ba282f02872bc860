import '@tensorflow/tfjs-backend-cpu';
import { StepCounter, registerGradients } from '@gradstream/autodiff';
import { randomKey } from '@gradstream/core';
import { checkLayer, expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { apply } from '../apply.js';
import { model } from '../functional-model.js';
import { layerFromConfig } from '../layer-from-config.js';
import { sequential } from '../sequential.js';
import { input } from './input.js';
import { reversibleEmbedding } from './reversible-embedding.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

it('goes both ways in one model, with one table', () => {
  const words = input({ shape: [3], dtype: 'int32', name: 'words' });
  const both = reversibleEmbedding(5, 2, { name: 'both' });
  const vectors = apply(both, words);
  const net = model({ inputs: words, outputs: { logits: apply(both, vectors), vectors }, seed: 1 });
  expect(net.outputs.map(({ shape }) => shape)).toEqual([
    [null, 3, 5],
    [null, 3, 2],
  ]);
  expect(net.weights.map(({ path }) => path)).toEqual(['both/embeddings']);
  tf.tidy(() => {
    const [logits, found] = net.applyAll(tf.tensor2d([[4, 0, 1]], [1, 3], 'int32'));
    expectAllClose(
      logits!,
      tf.reshape(tf.matMul(tf.reshape(found!, [3, 2]), net.tensors['both/embeddings']!, false, true), [1, 3, 5]),
    );
  });
  net.dispose();
});

it('keeps what a layer has to keep on its way back, and takes a chain whose input is whole numbers', () => {
  // The batch's shape alone does not say which way it goes, so the check of shapes sees the way there.
  const context = { training: false, key: randomKey(1), step: new StepCounter(0) };
  const weight = (shape: readonly number[]): tf.Tensor => tf.randomNormal([...shape], 0, 1, 'float32', 3);
  const layer = reversibleEmbedding(4, 3, { tieWeights: true, logitSoftCap: 2 });
  checkLayer(layer, {
    inputs: [tf.tensor2d([[1, 3]], [1, 2], 'int32')],
    weight,
    context,
    gradients: false,
    restore: layerFromConfig,
  });
  const chain = sequential([input({ shape: [2], dtype: 'int32' }), reversibleEmbedding(4, 3)]);
  expect(chain.outputShape).toEqual([null, 2, 3]);
  chain.dispose();
});

it.each<[string, () => unknown, RegExp]>([
  ['no vectors', () => reversibleEmbedding(4, 0), /GS_OPTION_VALUE/],
  ['a bound of 0', () => reversibleEmbedding(4, 2, { logitSoftCap: 0 }), /GS_OPTION_VALUE/],
  ['another dtype', () => reversibleEmbedding(4, 2, { reverseDtype: 'float16' as never }), /GS_OPTION_VALUE/],
  [
    'fractions of another width',
    () => apply(reversibleEmbedding(4, 2), input({ shape: [3] })),
    /GS_LAYER_SHAPE .*int32/s,
  ],
])('refuses %s', (_, define, message) => {
  expect(define).toThrow(message);
});
