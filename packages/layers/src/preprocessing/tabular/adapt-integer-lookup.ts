import { GradstreamError, inverseDocumentFrequency, rankTokens } from '@gradstream/core';
import { hostBatches, type AdaptData } from '../../internal/host-batches.js';
import { checkIntegerLookup, type IntegerLookupOptions } from '../../internal/integer-lookup-options.js';
import type { Layer } from '../../layer.js';
import { integerLookup } from './integer-lookup.js';

/**
 * The `integerLookup` of data: counts its numbers on the host; the most frequent come first, of equals the larger one. With `tfIdf` each row is a document.
 *
 * The vocabulary of Keras' `adapt`. Throws `GS_LAYER_ADAPT` for data that is none or holds no whole numbers.
 */
export async function adaptIntegerLookup(
  data: AdaptData,
  options: Omit<IntegerLookupOptions, 'vocabulary' | 'idfWeights'> = {},
): Promise<Layer> {
  const where = 'layers/adaptIntegerLookup';
  integerLookup(options);
  const { mask, oovToken, maxTokens, tokenStart, mode } = checkIntegerLookup(where, options);
  const counts = new Map<number, number>();
  const having = new Map<number, number>();
  let documents = 0;
  for await (const { values, shape } of hostBatches(where, data)) {
    const width = shape.length < 2 ? 1 : shape.at(-1)!;
    for (let start = 0; start < values.length; start += width) {
      const row = values.subarray(start, start + width);
      documents++;
      for (const value of row) counts.set(checkWhole(where, value), (counts.get(value) ?? 0) + 1);
      for (const value of new Set(row)) having.set(value, (having.get(value) ?? 0) + 1);
    }
  }
  if (mask !== undefined) counts.delete(mask);
  counts.delete(oovToken);
  const vocabulary = rankTokens(counts).slice(0, maxTokens === undefined ? undefined : maxTokens - tokenStart);
  if (vocabulary.length === 0) throw refused(where, 'none that is not special');
  const idfWeights = vocabulary.map((token) => inverseDocumentFrequency(documents, having.get(token)!));
  return integerLookup({ ...options, vocabulary, ...(mode === 'tfIdf' ? { idfWeights } : {}) });
}

function checkWhole(where: string, value: number): number {
  if (Number.isInteger(value)) return value;
  throw refused(where, String(value));
}

function refused(where: string, received: string): GradstreamError {
  return new GradstreamError('GS_LAYER_ADAPT', {
    where,
    what: 'The data has no vocabulary',
    expected: 'whole numbers',
    received,
    next: 'Put fractions into bins first, for example with discretization.',
  });
}
