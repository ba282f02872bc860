import { checkNumber, describeValue, GradstreamError } from '@gradstream/core';
import { headConfig, headOptions, type AttentionHeadOptions } from '../internal/head-options.js';
import { multiHead } from '../internal/multi-head.js';
import { layerConfig } from '../layer-options.js';
import type { Layer } from '../layer.js';

/** Options of `multiHeadAttention`. */
export interface MultiHeadAttentionOptions extends AttentionHeadOptions {
  /** The width of each head's values. Default: that of the keys. */
  readonly valueDim?: number;
  /** The output's features, a size or several. Default: as many as the query has. */
  readonly outputShape?: number | readonly number[];
  /** The dimension of steps, or several taken together. Default: all between the batch and the features. */
  readonly attentionAxes?: number | readonly number[];
}

/**
 * Attention of several heads: each projects queries, keys and values to a width of its own, `softmax(q k^T / sqrt(keyDim)) v`; what the heads give is projected together.
 *
 * Inputs `[query, value]` or `[query, value, key]`, each `[batch, ...steps, features]`, the value being the key where none is given; with `attentionMask: true` the last
 * input is a mask of pairs. Output `[batch, ...steps, features]` of the query's steps, and the attention weights with `returnAttentionScores`. Weights `query/kernel`
 * `[features, numHeads, keyDim]`, `query/bias`, and so on for `key`, `value`, `gate` (with `useGate`) and `attention_output`. Masks of query, value and key, the mask of
 * pairs, `useCausalMask` and `slidingWindow` all have to allow a pair; the query's mask is the output's. A query that sees no key gets the mean of all values, or zeros where
 * there is dropout, the weights are given out or there are several dimensions of steps, as in Keras. `useCausalMask`, `returnAttentionScores` and the mask of pairs are
 * arguments of the call in Keras. Attention is one operation with a gradient of its own, which keeps the attention weights alone. Throws `GS_LAYER_SHAPE` for shapes that
 * do not fit. Source: Vaswani et al., arXiv:1706.03762.
 */
export function multiHeadAttention(numHeads: number, keyDim: number, options: MultiHeadAttentionOptions = {}): Layer {
  const where = 'layers/multiHeadAttention';
  const whole = { min: 1, integer: true } as const;
  checkNumber(where, 'numHeads', numHeads, whole);
  checkNumber(where, 'keyDim', keyDim, whole);
  const shared = headOptions('multiHeadAttention', options, ['valueDim', 'outputShape', 'attentionAxes']);
  const valueDim = checkNumber(where, 'valueDim', options.valueDim ?? keyDim, whole);
  const outputShape = list(where, 'outputShape', options.outputShape, 1);
  const axes = list(where, 'attentionAxes', options.attentionAxes, Number.NEGATIVE_INFINITY);
  return {
    type: 'MultiHeadAttention',
    ...shared.common,
    // It is put on each projection, not on the attention weights.
    activityRegularizer: undefined,
    ...multiHead({
      ...shared,
      split: { heads: numHeads, repeats: 1 },
      keyDim,
      valueDim,
      outputShape,
      axes,
      sameWidth: false,
    }),
    toConfig: () =>
      layerConfig('MultiHeadAttention', shared.common, {
        numHeads,
        keyDim,
        valueDim,
        outputShape: outputShape === undefined ? null : [...outputShape],
        attentionAxes: axes === undefined ? null : [...axes],
        ...headConfig(shared),
      }),
  };
}

/** One whole number or several as a list. */
function list(where: string, option: string, value: unknown, least: number): readonly number[] | undefined {
  if (value === undefined) return undefined;
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (all.length > 0 && all.every((one) => Number.isSafeInteger(one) && (one as number) >= least))
    return all as readonly number[];
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${option}" has a value that cannot be used`,
    expected: least === 1 ? 'a positive whole number, or a list of them' : 'a whole number, or a list of them',
    received: describeValue(value),
    next: `Give "${option}" such numbers, or leave it out.`,
  });
}
