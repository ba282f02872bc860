import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { apply, applyAll } from '../apply.js';
import { attention } from '../attention/attention.js';
import { groupedQueryAttention } from '../attention/grouped-query-attention.js';
import { multiHeadAttention } from '../attention/multi-head-attention.js';
import { input } from '../core/input.js';
import { reversibleEmbedding } from '../core/reversible-embedding.js';
import { model } from '../functional-model.js';
import type { Model } from '../model.js';
import { fromKerasJson } from './from-keras-json.js';
import { toKerasJson } from './to-keras-json.js';

beforeAll(() => tf.setBackend('cpu'));

type Part = { readonly name: string; readonly config: object; readonly inbound_nodes: { readonly kwargs: object }[] };

/** What attention and embeddings both ways say at their calls. */
function net(): Model {
  const words = input({ shape: [4], dtype: 'int32', name: 'words' });
  const pairs = input({ shape: [4, 4], dtype: 'int32', name: 'pairs' });
  const table = reversibleEmbedding(6, 4, { name: 'table' });
  const x = apply(table, words);
  const options = { useCausalMask: true, returnAttentionScores: true };
  const [y, scores] = applyAll(multiHeadAttention(2, 2, { ...options, attentionMask: true, name: 'heads' }), [
    x,
    x,
    x,
    pairs,
  ]);
  const grouped = apply(groupedQueryAttention(2, 2, 1, { attentionMask: true, name: 'groups' }), [y!, x, pairs]);
  const mixed = apply(attention({ useCausalMask: true, name: 'plain' }), [grouped, x]);
  return model({ inputs: [words, pairs], outputs: [apply(table, mixed), scores!], seed: 5 });
}

describe('attention in the JSON of Keras', () => {
  it('says at the call what are options here', () => {
    const made = net();
    const { layers } = toKerasJson(made).config as unknown as { layers: Part[] };
    const part = (name: string): Part => layers.find((layer) => layer.name === name)!;
    expect(part('heads').config).not.toHaveProperty('use_causal_mask');
    expect(part('heads').config).not.toHaveProperty('attention_mask');
    const tensor = expect.objectContaining({ class_name: '__keras_tensor__' });
    expect(part('heads').inbound_nodes[0]!.kwargs).toEqual({
      use_causal_mask: true,
      return_attention_scores: true,
      attention_mask: tensor,
      key: tensor,
    });
    expect(part('groups').inbound_nodes[0]!.kwargs).toEqual({ attention_mask: tensor });
    expect(part('plain').inbound_nodes[0]!.kwargs).toEqual({ use_causal_mask: true });
    expect(part('table').inbound_nodes.map(({ kwargs }) => kwargs)).toEqual([{}, { reverse: true }]);
    made.dispose();
  });

  it('comes back as the same model', () => {
    const made = net();
    const again = fromKerasJson(JSON.stringify(toKerasJson(made)), { seed: 1 });
    expect(again.nodes.map(({ layer }) => layer.toConfig().config)).toEqual(
      made.nodes.map(({ layer, name }) => ({ ...layer.toConfig().config, name })),
    );
    tf.tidy(() => {
      for (const [path, value] of Object.entries(made.tensors)) again.tensors[path]!.assign(value);
      const batch = [
        tf.tensor2d([[1, 2, 3, 5]], [1, 4], 'int32'),
        tf.tensor3d([1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1], [1, 4, 4], 'int32'),
      ];
      const [own, theirs] = [made.applyAll(batch), again.applyAll(batch)];
      own.forEach((output, index) => expectAllClose(output, theirs[index]!));
    });
    made.dispose();
    again.dispose();
  });

  it('refuses a layer that is called in different ways', () => {
    const x = input({ shape: [4, 4], name: 'x' });
    const heads = multiHeadAttention(2, 2, { useCausalMask: true, name: 'heads' });
    const twice = model({ inputs: x, outputs: apply(heads, [apply(heads, [x, x]), x]) });
    const json = structuredClone(toKerasJson(twice)) as unknown as { config: { layers: Part[] } };
    const part = json.config.layers.find(({ name }) => name === 'heads')!;
    Object.assign(part.inbound_nodes[1]!, { kwargs: {} });
    expect(() => fromKerasJson(json)).toThrow(/GS_KERAS_CONFIG .*different ways/s);
    twice.dispose();
  });
});
