import { checkNumber, checkOptions, GradstreamError, type Config, type HostArray, type Json } from '@gradstream/core';
import { encodePlaces, type LookupMode } from '../internal/host-encode.js';
import { flattenTexts } from '../internal/text-shape.js';
import { tokenizer, type TokenOptions } from '../internal/text-tokens.js';
import { adaptStringLookup } from './adapt-string-lookup.js';
import { stringLookup, type StringLookup, type StringLookupOptions } from './string-lookup.js';

/** Options of `textVectorization`. */
export interface TextVectorizationOptions extends TokenOptions {
  /** The tokens that are known, in order. `adaptTextVectorization` finds them. */
  readonly vocabulary?: readonly string[] | null;
  /** How many places there are at most, special ones included. */
  readonly maxTokens?: number | null;
  /** Places in order, 0 for nothing and 1 for unknown tokens (default), or a vector for each text: which tokens it has, how often, or that times weights. */
  readonly outputMode?: Exclude<LookupMode, 'oneHot'>;
  /** How many places a text has with `int`: longer ones are cut. Default: as many as the longest of a batch. */
  readonly outputSequenceLength?: number | null;
  /** Makes vectors of `maxTokens` places. Default false. */
  readonly padToMaxTokens?: boolean;
  /** How much each token tells, for `tfIdf`. */
  readonly idfWeights?: readonly number[] | null;
}

/** A vocabulary that turns texts into numbers. */
export interface TextVectorization {
  /** The tokens at all places, special ones included. */
  readonly vocabulary: readonly string[];
  /** Texts as numbers `[texts, length]` or vectors `[texts, places]`. */
  apply(texts: readonly string[]): HostArray<'int32' | 'float32'>;
  /** The options as JSON. Throws `GS_DATASET_CONFIG` where one is a function. */
  toConfig(): Config;
}

const OWN = [
  ...['standardize', 'split', 'ngrams', 'vocabulary', 'maxTokens', 'outputMode', 'outputSequenceLength'],
  ...['padToMaxTokens', 'idfWeights'],
] as const;

/**
 * A function of texts that cuts them into tokens and looks these up, on the host, where texts live.
 *
 * The numbers of Keras' TextVectorization. Throws `GS_OPTION_*` for bad options, `GS_DATASET_TEXT` for what is no text.
 */
export function textVectorization(options: TextVectorizationOptions): TextVectorization {
  const where = 'datasets/textVectorization';
  checkOptions(where, options, OWN);
  const tokens = tokenizer(where, options);
  const lookup = stringLookup(lookupOptions(options));
  const length = options.outputSequenceLength ?? undefined;
  const { outputMode: mode = 'int' } = options;
  if (length !== undefined) checkNumber(where, 'outputSequenceLength', length, { integer: true, min: 1 });
  if (length !== undefined && mode !== 'int')
    checkOptions(
      where,
      { outputSequenceLength: length },
      OWN.filter((name) => name !== 'outputSequenceLength'),
    );
  return {
    vocabulary: lookup.vocabulary,
    apply(texts) {
      const rows = flattenTexts(where, texts).values.map((text) => tokens(text));
      return mode === 'int' ? padded(rows, lookup, length) : joined(rows, lookup);
    },
    toConfig: () => ({ type: 'TextVectorization', config: configOf(where, options, lookup) }),
  };
}

/** The `textVectorization` of texts: cuts them into tokens and counts these. The vocabulary of Keras' `adapt`. Throws `GS_DATASET_TEXT` where there are no tokens. */
export async function adaptTextVectorization(
  texts: Iterable<string> | AsyncIterable<string>,
  options: Omit<TextVectorizationOptions, 'vocabulary' | 'idfWeights'> = {},
): Promise<TextVectorization> {
  const where = 'datasets/adaptTextVectorization';
  checkOptions(where, options, OWN);
  const tokens = tokenizer(where, options);
  const documents = async function* (): AsyncGenerator<readonly string[]> {
    for await (const text of texts) yield tokens(text);
  };
  const { config } = (await adaptStringLookup(documents(), lookupOptions(options))).toConfig();
  const { vocabulary, idfWeights } = config as unknown as StringLookupOptions;
  return textVectorization({ ...options, vocabulary: vocabulary!, idfWeights: idfWeights ?? null });
}

function lookupOptions(options: TextVectorizationOptions): StringLookupOptions {
  const { vocabulary, maxTokens, outputMode = 'int', padToMaxTokens = false, idfWeights } = options;
  return {
    maskToken: '',
    outputMode,
    padToMaxTokens,
    ...(vocabulary === undefined ? {} : { vocabulary }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(idfWeights === undefined ? {} : { idfWeights }),
  };
}

/** Places of tokens, 0 behind the last one. */
function padded(
  rows: readonly string[][],
  lookup: StringLookup,
  length: number | undefined,
): HostArray<'int32' | 'float32'> {
  const width = length ?? Math.max(0, ...rows.map((row) => row.length));
  const values = new Int32Array(rows.length * width);
  rows.forEach((row, index) => values.set(lookup.apply(row.slice(0, width)).values, index * width));
  return encodePlaces(values, [rows.length, width], 'int', 0);
}

/** A vector for each text. */
function joined(rows: readonly string[][], lookup: StringLookup): HostArray<'int32' | 'float32'> {
  const vectors = rows.map((row) => lookup.apply([row]));
  const depth = lookup.apply([['']]).shape[1]!;
  const values = new Float32Array(rows.length * depth);
  vectors.forEach((vector, index) => values.set(vector.values, index * depth));
  return { dtype: 'float32', shape: [rows.length, depth], values };
}

function configOf(where: string, options: TextVectorizationOptions, lookup: StringLookup): Config['config'] {
  const {
    standardize = 'lowerAndStripPunctuation',
    split = 'whitespace',
    ngrams = null,
    outputSequenceLength = null,
  } = options;
  for (const [name, part] of Object.entries({ standardize, split })) {
    if (typeof part !== 'function') continue;
    throw new GradstreamError('GS_DATASET_CONFIG', {
      where,
      what: `The option "${name}" is a function that no file can hold`,
      expected: 'one of those that have names',
      received: 'a function',
      next: 'Keep the vocabulary, and give the function again.',
    });
  }
  const { vocabulary, maxTokens, outputMode, padToMaxTokens, idfWeights } = lookup.toConfig().config;
  const parts = { standardize, split, ngrams } as unknown as Readonly<Record<string, Json>>;
  return {
    ...parts,
    vocabulary: vocabulary!,
    maxTokens: maxTokens!,
    outputMode: outputMode!,
    outputSequenceLength,
    padToMaxTokens: padToMaxTokens!,
    idfWeights: idfWeights!,
  };
}
