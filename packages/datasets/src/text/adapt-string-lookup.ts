import { GradstreamError, inverseDocumentFrequency, rankTokens } from '@gradstream/core';
import { stringLookup, type StringLookup, type StringLookupOptions } from './string-lookup.js';

/** Documents, each a list of words or one word, as they come. */
export type Documents = Iterable<string | readonly string[]> | AsyncIterable<string | readonly string[]>;

/**
 * The `stringLookup` of documents: counts their words; the most frequent come first, of equals the larger one.
 *
 * The vocabulary and weights of Keras' `adapt` on a list of these documents. Throws `GS_DATASET_TEXT` where there are no words.
 */
export async function adaptStringLookup(
  documents: Documents,
  options: Omit<StringLookupOptions, 'vocabulary' | 'idfWeights'> = {},
): Promise<StringLookup> {
  const where = 'datasets/adaptStringLookup';
  const { maskToken, oovToken = '[UNK]', maxTokens, numOovIndices = 1, outputMode = 'int' } = options;
  const counts = new Map<string, number>();
  const having = new Map<string, number>();
  let count = 0;
  for await (const document of documents) {
    const words: readonly string[] = typeof document === 'string' ? [document] : document;
    count++;
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const word of new Set(words)) having.set(word, (having.get(word) ?? 0) + 1);
  }
  if (typeof maskToken === 'string') counts.delete(maskToken);
  counts.delete(oovToken);
  const special = numOovIndices + (typeof maskToken === 'string' && outputMode === 'int' ? 1 : 0);
  const most = typeof maxTokens === 'number' ? Math.max(maxTokens - special, 0) : undefined;
  const vocabulary = rankTokens(counts).slice(0, most);
  if (vocabulary.length === 0) throw withoutWords(where);
  const idfWeights = vocabulary.map((word) => inverseDocumentFrequency(count, having.get(word)!));
  return stringLookup({ ...options, vocabulary, ...(outputMode === 'tfIdf' ? { idfWeights } : {}) });
}

function withoutWords(where: string): GradstreamError {
  return new GradstreamError('GS_DATASET_TEXT', {
    where,
    what: 'There are no words to learn',
    expected: 'documents with words beside those for masks and unknown ones',
    received: 'none',
    next: 'Check what the documents hold.',
  });
}
