import '@tensorflow/tfjs-backend-cpu';
import { StepCounter, registerGradients } from '@gradstream/autodiff';
import { randomKey } from '@gradstream/core';
import { checkLayer, expectAllClose, kernelCounts, outputOf, outputsOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { apply, applyAll } from '../apply.js';
import { embedding } from '../core/embedding.js';
import { input } from '../core/input.js';
import { model } from '../functional-model.js';
import { layerFromConfig } from '../layer-from-config.js';
import type { Layer } from '../layer.js';
import { additiveAttention } from './additive-attention.js';
import { attention } from './attention.js';
import { groupedQueryAttention } from './grouped-query-attention.js';
import { multiHeadAttention } from './multi-head-attention.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const context = { training: false, key: randomKey(3), step: new StepCounter(5) };
const numbers = (shape: readonly number[], phase = 0): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((size, one) => size * one, 1) }, (_, i) => Math.sin(i * 1.7 + phase)),
    [...shape],
  );
const weight = (shape: readonly number[], name: string): tf.Tensor => numbers(shape, name.length);
const weightsOf = (layer: Layer, ...shapes: number[][]): Record<string, tf.Tensor> =>
  Object.fromEntries(layer.build(shapes, 'layer').weights.map(({ name, shape }) => [name, weight(shape, name)]));
const [query, value] = [numbers([2, 3, 4]), numbers([2, 5, 4], 1)];

describe('layers of attention', () => {
  it.each<[string, Layer]>([
    ['attention', attention({ useScale: true, useCausalMask: true })],
    ['attention by sums', attention({ scoreMode: 'concat', useScale: true, returnAttentionScores: true })],
    ['attention with dropout', attention({ dropout: 0.4, seed: 2, returnAttentionScores: true })],
    ['additiveAttention', additiveAttention({ dropout: 0.3 })],
    ['multiHeadAttention', multiHeadAttention(2, 3, { useGate: true, slidingWindow: 3, outputShape: [2, 2] })],
    ['multiHeadAttention with dropout', multiHeadAttention(2, 2, { dropout: 0.4, returnAttentionScores: true })],
    [
      'groupedQueryAttention',
      groupedQueryAttention(2, 4, 2, { useCausalMask: true, dropout: 0.2, kernelRegularizer: 'l2' }),
    ],
  ])('%s keeps what a layer has to keep', (_, layer) => {
    const inputs = [tf.slice(query, 0, 1), tf.slice(value, 0, 1)];
    checkLayer(layer, { inputs, weight, context: { ...context, training: true }, restore: layerFromConfig });
  });

  it.each<[string, Layer]>([
    ['attention', attention({ dropout: 0.5 })],
    ['additiveAttention', additiveAttention({ dropout: 0.5 })],
    ['multiHeadAttention', multiHeadAttention(2, 3, { dropout: 0.5 })],
    ['groupedQueryAttention', groupedQueryAttention(2, 2, 1, { dropout: 0.5 })],
  ])('%s drops attention weights while training, anew in each step', (_, layer) => {
    const weights = weightsOf(layer, [2, 3, 4], [2, 5, 4]);
    const run = (step: number, training = true): Float32Array =>
      outputOf(
        layer.call(weights, [query, value], { ...context, training, step: new StepCounter(step) }),
      ).dataSync() as Float32Array;
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(run(1, false)).toEqual(run(2, false));
    expect(run(1)).not.toEqual(run(1, false));
  });

  it('drops the share that was asked for: the weights that it gives out are 0 or twice as large', () => {
    const layer = attention({ dropout: 0.5, returnAttentionScores: true });
    const scores = (training: boolean): tf.Tensor =>
      outputsOf(layer.call({}, [numbers([20, 40, 2]), numbers([20, 50, 2])], { ...context, training }))[1]!;
    const ratio = tf.div(scores(true), scores(false));
    // 40,000 draws: the mean deviates by 0.005.
    expect(Math.abs(tf.mean(ratio).dataSync()[0]! - 1)).toBeLessThan(0.025);
    expect([...ratio.dataSync()].every((value) => value === 0 || Math.abs(value - 2) < 1e-4)).toBe(true);
  });

  it('hand masks of embeddings on, and hide what they leave out', () => {
    const [words, other] = ['words', 'other'].map((name) => input({ shape: [4], dtype: 'int32', name }));
    const look = embedding(6, 4, { maskZero: true });
    const [y, scores] = applyAll(multiHeadAttention(2, 2, { returnAttentionScores: true }), [
      apply(look, words!),
      apply(look, other!),
    ]);
    const net = model({ inputs: [words!, other!], outputs: { y: y!, scores: scores! }, seed: 3 });
    const [of, given] = [tf.tensor2d([[1, 2, 0, 0]], [1, 4], 'int32'), tf.tensor2d([[3, 0, 5, 0]], [1, 4], 'int32')];
    const result = net.run([of, given], { ...context, weights: net.tensors });
    expectAllClose(tf.cast(result.masks[0]!, 'int32'), [1, 1, 0, 0]);
    expect(result.masks[1]).toBeUndefined();
    const seen = tf.sum(result.outputs[1]!, 1);
    expectAllClose(tf.slice(seen, [0, 0, 1], [1, 4, 1]), [0, 0, 0, 0]);
    expectAllClose(tf.sum(seen, -1), [2, 2, 0, 0]);
    net.dispose();
  });

  it('penalizes every projection, not the attention weights', () => {
    const layer = multiHeadAttention(2, 3, { activityRegularizer: 'l2', returnAttentionScores: true });
    expect(layer.activityRegularizer).toBeUndefined();
    const losses: tf.Tensor[] = [];
    layer.call(weightsOf(layer, [2, 3, 4], [2, 5, 4]), [query, value], {
      ...context,
      addLoss: (loss) => losses.push(loss),
    });
    expect(losses).toHaveLength(4);
    const plain = multiHeadAttention(2, 3);
    const weights = weightsOf(plain, [2, 3, 4], [2, 5, 4]);
    expectAllClose(
      outputsOf(layer.call(weights, [query, value], context))[0]!,
      outputOf(plain.call(weights, [query, value], context)),
    );
  });

  it('of several heads is few kernels: a projection each, and one operation', async () => {
    const layer = multiHeadAttention(2, 2);
    const weights = weightsOf(layer, [2, 3, 4], [2, 3, 4]);
    const counts = await kernelCounts(() => tf.tidy(() => void layer.call(weights, [query, query], context)));
    expect(counts).toMatchObject({ _FusedMatMul: 4, BatchMatMul: 2, Softmax: 1, Transpose: 4 });
    expect(counts.Einsum ?? 0).toBe(0);
  });

  const build = (layer: Layer, ...shapes: (number | null)[][]): unknown => layer.build(shapes, 'a');
  const [q, v] = [
    [null, 3, 4],
    [null, 5, 4],
  ] as [(number | null)[], (number | null)[]];
  it.each<[string, () => unknown, RegExp]>([
    ['a score mode that is none', () => attention({ scoreMode: 'cosine' as never }), /GS_OPTION_VALUE/],
    ['a score mode where there is none', () => additiveAttention({ scoreMode: 'dot' } as never), /GS_OPTION_UNKNOWN/],
    ['dropout above 1', () => attention({ dropout: 2 }), /GS_OPTION_VALUE/],
    ['two dimensions', () => build(attention(), [null, 4], v), /GS_LAYER_SHAPE/],
    ['keys of another width', () => build(attention(), q, [null, 5, 3]), /GS_LAYER_SHAPE .*widths/s],
    ['keys of unknown width', () => build(additiveAttention(), [null, 3, null], [null, 5, null]), /GS_LAYER_SHAPE/],
    ['other keys than values', () => build(attention(), q, v, [null, 6, 4]), /GS_LAYER_SHAPE .*belong together/s],
    ['one input', () => apply(attention(), input({ shape: [3, 4] })), /GS_LAYER_INPUTS/],
    ['no heads', () => multiHeadAttention(0, 2), /GS_OPTION_VALUE/],
    ['half a width', () => multiHeadAttention(2, 1.5), /GS_OPTION_VALUE/],
    ['no values', () => multiHeadAttention(2, 2, { valueDim: 0 }), /GS_OPTION_VALUE/],
    ['an output shape of nothing', () => multiHeadAttention(2, 2, { outputShape: [] }), /GS_OPTION_VALUE/],
    ['axes that are none', () => multiHeadAttention(2, 2, { attentionAxes: 1.5 }), /GS_OPTION_VALUE/],
    ['a window of nothing', () => multiHeadAttention(2, 2, { slidingWindow: 0 }), /GS_OPTION_VALUE/],
    [
      'flash attention',
      () => multiHeadAttention(2, 2, { flashAttention: true as never }),
      /GS_OPTION_VALUE .*Leave it out/s,
    ],
    [
      'an axis of the features',
      () => build(multiHeadAttention(2, 2, { attentionAxes: 2 }), q, v),
      /GS_LAYER_SHAPE .*axis/s,
    ],
    ['inputs of different ranks', () => build(multiHeadAttention(2, 2), q, [null, 2, 5, 4]), /GS_LAYER_SHAPE/],
    [
      'a batch of another size',
      () => build(multiHeadAttention(2, 2), [2, 3, 4], [3, 3, 4]),
      /GS_LAYER_SHAPE .*belong/s,
    ],
    [
      'features of unknown number',
      () => build(multiHeadAttention(2, 2), [null, 3, null], v),
      /GS_LAYER_SHAPE .*not known/s,
    ],
    [
      'an order along several dimensions',
      () => build(multiHeadAttention(2, 2, { useCausalMask: true }), [null, 2, 3, 4], [null, 2, 3, 4]),
      /GS_LAYER_SHAPE .*order/s,
    ],
    [
      'a mask that is none',
      () => build(multiHeadAttention(2, 2, { attentionMask: true }), q, v, [null, 3, 4]),
      /GS_LAYER_SHAPE .*mask/s,
    ],
    [
      'no mask where one is the last input',
      () =>
        apply(multiHeadAttention(2, 2, { attentionMask: true }), [input({ shape: [3, 4] }), input({ shape: [3, 4] })]),
      /GS_LAYER_INPUTS/,
    ],
    ['heads that do not divide', () => groupedQueryAttention(2, 3, 2), /GS_OPTION_VALUE .*share/s],
    [
      'queries and values of different widths',
      () => build(groupedQueryAttention(2, 2, 1), q, [null, 5, 3]),
      /GS_LAYER_SHAPE .*widths/s,
    ],
    [
      'four dimensions',
      () => build(groupedQueryAttention(2, 2, 1), [null, 2, 3, 4], [null, 2, 3, 4]),
      /GS_LAYER_SHAPE/,
    ],
  ])('refuse %s', (_, define, message) => {
    expect(define).toThrow(message);
  });
});
