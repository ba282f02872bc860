import { checkNumber, GradstreamError } from '@gradstream/core';
import { headConfig, headOptions, type AttentionHeadOptions } from '../internal/head-options.js';
import { multiHead } from '../internal/multi-head.js';
import { layerConfig } from '../layer-options.js';
import type { Layer } from '../layer.js';

/** Options of `groupedQueryAttention`. */
export type GroupedQueryAttentionOptions = AttentionHeadOptions;

/**
 * Attention of several heads that share keys and values: `numQueryHeads / numKeyValueHeads` heads of queries see one head of keys and values. Keras' GroupQueryAttention.
 *
 * Inputs, output, weights, masks and options as those of `multiHeadAttention`, on inputs `[batch, steps, features]`, query and value of one width. Keys and values are not
 * repeated: the queries that share them are more rows of one product. Throws `GS_OPTION_VALUE` where the heads of keys do not divide those of queries, `GS_LAYER_SHAPE` for
 * shapes that do not fit. Source: Ainslie et al., arXiv:2305.13245.
 */
export function groupedQueryAttention(
  headDim: number,
  numQueryHeads: number,
  numKeyValueHeads: number,
  options: GroupedQueryAttentionOptions = {},
): Layer {
  const where = 'layers/groupedQueryAttention';
  for (const [name, value] of Object.entries({ headDim, numQueryHeads, numKeyValueHeads }))
    checkNumber(where, name, value, { min: 1, integer: true });
  if (numQueryHeads % numKeyValueHeads !== 0) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The heads cannot be shared out',
      expected: `a number of query heads that ${numKeyValueHeads} divides`,
      received: String(numQueryHeads),
      next: 'Change numQueryHeads or numKeyValueHeads.',
    });
  }
  const shared = headOptions('groupedQueryAttention', options);
  const split = { heads: numKeyValueHeads, repeats: numQueryHeads / numKeyValueHeads };
  return {
    type: 'GroupQueryAttention',
    ...shared.common,
    // It is put on each projection, not on the attention weights.
    activityRegularizer: undefined,
    ...multiHead({
      ...shared,
      split,
      keyDim: headDim,
      valueDim: headDim,
      outputShape: undefined,
      axes: undefined,
      sameWidth: true,
    }),
    toConfig: () =>
      layerConfig('GroupQueryAttention', shared.common, {
        headDim,
        numQueryHeads,
        numKeyValueHeads,
        ...headConfig(shared),
      }),
  };
}
