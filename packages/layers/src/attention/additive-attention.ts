import { add, expandDims, mul, sum, tanh, type Tensor } from '@tensorflow/tfjs-core';
import { scoreAttention, type ScoreAttentionOptions } from '../internal/score-attention.js';
import { weightParts } from '../internal/weight-parts.js';
import type { Layer } from '../layer.js';

/** Options of `additiveAttention`; `useScale`, a factor for each feature, is true by default. */
export type AdditiveAttentionOptions = ScoreAttentionOptions;

/**
 * Bahdanau's attention: the score of a query and a key is `sum(scale * tanh(query + key))`.
 *
 * Inputs, outputs, masks and the other options as those of `attention`; the weight `scale` is `[width]`, drawn by `glorotUniform`. Throws `GS_LAYER_SHAPE` for shapes
 * that do not fit. Source: Bahdanau, Cho, Bengio, arXiv:1409.0473.
 */
export function additiveAttention(options: AdditiveAttentionOptions = {}): Layer {
  const { useScale = true } = options;
  const factor = weightParts('scale', 'glorotUniform', undefined, undefined);
  return scoreAttention({
    type: 'AdditiveAttention',
    factory: 'additiveAttention',
    options,
    useScale,
    own: {},
    weights: (width) => (useScale ? [{ ...factor, shape: [width] }] : []),
    scores({ scale }, query, key): Tensor {
      const pairs = tanh(add(expandDims(query, 2), expandDims(key, 1)));
      return sum(scale === undefined ? pairs : mul(pairs, scale), -1);
    },
  });
}
