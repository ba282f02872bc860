import { checkChoice } from '@gradstream/core';
import { add, expandDims, matMul, mul, sum, tanh, type Tensor } from '@tensorflow/tfjs-core';
import { scoreAttention, type ScoreAttentionOptions } from '../internal/score-attention.js';
import { weightParts } from '../internal/weight-parts.js';
import type { Layer } from '../layer.js';

/** Options of `attention`. */
export interface AttentionOptions extends ScoreAttentionOptions {
  /** How a query and a key are compared: by their product (`dot`, the default), or by the sum of `tanh(query + key)` (`concat`). */
  readonly scoreMode?: 'dot' | 'concat';
}

/**
 * Luong's attention: `softmax(query key^T) value`.
 *
 * Inputs `[query, value]` or `[query, value, key]` of shapes `[batch, T, width]`, `[batch, S, depth]` and `[batch, S, width]`; the value is the key where none is
 * given. Output `[batch, T, depth]`, and the attention weights, after dropout, with `returnAttentionScores`. With `scoreMode: 'concat'` the score is
 * `concat_score_weight * sum(tanh(scale (query + key)))`. The mask of the value hides keys, that of the query sets outputs to 0 and is the output's mask.
 * A query that sees no key gets the mean of all values. Options `useCausalMask` and `returnAttentionScores` are arguments of the call in Keras. Throws
 * `GS_LAYER_SHAPE` for shapes that do not fit. Source: Luong, Pham, Manning, arXiv:1508.04025.
 */
export function attention(options: AttentionOptions = {}): Layer {
  const { useScale = false } = options;
  const scoreMode = checkChoice('layers/attention', 'scoreMode', options.scoreMode ?? 'dot', ['dot', 'concat']);
  const one = (name: string): ReturnType<typeof weightParts> => weightParts(name, 'ones', undefined, undefined);
  const scaled = (x: Tensor, scale: Tensor | undefined): Tensor => (scale === undefined ? x : mul(x, scale));
  return scoreAttention({
    type: 'Attention',
    factory: 'attention',
    options,
    useScale,
    own: { scoreMode },
    weights: () => [
      ...(useScale ? [{ ...one('scale'), shape: [] }] : []),
      ...(scoreMode === 'concat' ? [{ ...one('concat_score_weight'), shape: [] }] : []),
    ],
    ...(scoreMode === 'dot' ? { scaledQuery: ({ scale }, query): Tensor => scaled(query, scale) } : {}),
    scores({ scale, concat_score_weight: weight }, query, key): Tensor {
      if (scoreMode === 'dot') return matMul(scaled(query, scale), key, false, true);
      const pairs = add(expandDims(query, 2), expandDims(key, 1));
      return mul(weight!, sum(tanh(scaled(pairs, scale)), -1));
    },
  });
}
