import {
  checkBoolean,
  checkChoice,
  checkNumber,
  checkOptions,
  describeValue,
  GradstreamError,
  ordinaryTokens,
  type Config,
  type HostArray,
} from '@gradstream/core';
import { encodePlaces, LOOKUP_MODES, type LookupMode } from '../internal/host-encode.js';
import { flattenTexts } from '../internal/text-shape.js';
import { hashOf } from './text-hashing.js';
import type { Texts } from './texts.js';

/** Options of `stringLookup`. */
export interface StringLookupOptions {
  /** The words that are known, in order. `adaptStringLookup` finds them. */
  readonly vocabulary?: readonly string[] | null;
  /** How many places there are at most, special ones included. */
  readonly maxTokens?: number | null;
  /** How many places stand for all other words, shared by hash. Default 1. */
  readonly numOovIndices?: number;
  /** A word that stands for nothing: place 0 with `int`, none otherwise. Default: none. */
  readonly maskToken?: string | null;
  /** What stands at the places of other words. Default `[UNK]`. */
  readonly oovToken?: string;
  /** How much each word tells, for `tfIdf`. */
  readonly idfWeights?: readonly number[] | null;
  /** Places (default), a vector for each word, for each row, counts of a row, or counts times the weights. */
  readonly outputMode?: LookupMode;
  /** Makes vectors of `maxTokens` places. Default false. */
  readonly padToMaxTokens?: boolean;
  /** Makes the hash one's own. */
  readonly salt?: number | readonly [number, number] | null;
}

/** A vocabulary that turns words into numbers. */
export interface StringLookup {
  /** The words at all places, special ones included. */
  readonly vocabulary: readonly string[];
  /** Words as numbers, in the form of `outputMode`. */
  apply(texts: Texts): HostArray<'int32' | 'float32'>;
  /** The words at places. */
  texts(places: ArrayLike<number>): string[];
  /** The options as JSON: `stringLookup(lookup.toConfig().config)` is the same again. */
  toConfig(): Config;
}

const OWN = [
  ...['vocabulary', 'maxTokens', 'numOovIndices', 'maskToken', 'oovToken', 'idfWeights', 'outputMode'],
  ...['padToMaxTokens', 'salt'],
] as const;

/**
 * A lookup of words: the mask's place (0, with `int` alone), those of other words, then the vocabulary's in its order. Runs on the host, where words live.
 *
 * The places of Keras' StringLookup; what its `invert` gives is the function `texts`. Throws `GS_OPTION_VALUE` for a vocabulary with a word twice, and
 * `GS_DATASET_TEXT` for an unknown word with `numOovIndices: 0`.
 */
export function stringLookup(options: StringLookupOptions): StringLookup {
  const where = 'datasets/stringLookup';
  checkOptions(where, options, OWN);
  const mode = checkChoice(where, 'outputMode', options.outputMode ?? 'int', LOOKUP_MODES);
  const oov = checkNumber(where, 'numOovIndices', options.numOovIndices ?? 1, { integer: true, min: 0, max: 2 ** 20 });
  const mask = options.maskToken ?? undefined;
  const oovToken = options.oovToken ?? '[UNK]';
  const pad = checkBoolean(where, 'padToMaxTokens', options.padToMaxTokens ?? false);
  const hash = hashOf(where, options.salt);
  const oovStart = mask !== undefined && mode === 'int' ? 1 : 0;
  const special = [...(oovStart === 1 ? [mask!] : []), ...Array.from({ length: oov }, () => oovToken)];
  const given = flattenTexts(where, options.vocabulary ?? []).values;
  const tokens = ordinaryTokens(where, given, special, mask === undefined ? [] : [mask]);
  const vocabulary = [...special, ...tokens];
  const most = options.maxTokens ?? undefined;
  if (most !== undefined) checkNumber(where, 'maxTokens', most, { integer: true, min: Math.max(2, vocabulary.length) });
  if (pad && most === undefined) checkNumber(where, 'maxTokens', most);
  const weights = checkWeights(where, options, given.length, mode);
  const led = tokens.length < given.length;
  const mean = weights === undefined ? 0 : weights.reduce((sum, one) => sum + one, 0) / weights.length;
  const idf = weights === undefined || led ? weights : [...special.map(() => mean), ...weights];
  const places = new Map(tokens.map((token, index) => [token, index + special.length]));
  const placeOf = (text: string): number => {
    if (text === mask) return mode === 'int' ? 0 : -1;
    const known = places.get(text);
    if (known !== undefined) return known;
    if (oov === 0) throw unknownWord(where, text);
    return oovStart + (oov === 1 ? 0 : Number(hash(text) % BigInt(oov)));
  };
  return {
    vocabulary,
    apply(texts) {
      const { shape, values } = flattenTexts(where, texts);
      return encodePlaces(values.map(placeOf), shape, mode, pad ? most! : vocabulary.length, idf);
    },
    texts: (at) => Array.from(at, (place) => vocabulary[place] ?? oovToken),
    toConfig: () => ({
      type: 'StringLookup',
      config: {
        vocabulary: [...given],
        maxTokens: most ?? null,
        numOovIndices: oov,
        maskToken: mask ?? null,
        oovToken,
        idfWeights: weights === undefined ? null : [...weights],
        outputMode: mode,
        padToMaxTokens: pad,
        salt: options.salt === undefined || options.salt === null ? null : (options.salt as number),
      },
    }),
  };
}

function checkWeights(
  where: string,
  { idfWeights }: StringLookupOptions,
  count: number,
  mode: LookupMode,
): readonly number[] | undefined {
  const weights = (idfWeights ?? undefined)?.map((weight) => checkNumber(where, 'idfWeights', weight));
  if ((weights !== undefined) === (mode === 'tfIdf') && (weights === undefined || weights.length === count))
    return weights;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "idfWeights" does not fit the others',
    expected: 'a weight for each word of the vocabulary with outputMode: "tfIdf", and none otherwise',
    received: describeValue(idfWeights),
    next: 'Give such weights, or let adaptStringLookup find them.',
  });
}

function unknownWord(where: string, text: string): GradstreamError {
  return new GradstreamError('GS_DATASET_TEXT', {
    where,
    what: 'A word is not in the vocabulary',
    expected: 'words of the vocabulary alone, with numOovIndices: 0',
    received: describeValue(text),
    next: 'Give unknown words a place: numOovIndices: 1.',
  });
}
