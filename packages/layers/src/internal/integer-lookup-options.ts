import {
  checkBoolean,
  checkChoice,
  checkNumber,
  describeValue,
  GradstreamError,
  ordinaryTokens,
} from '@gradstream/core';
import { CATEGORY_MODES, checkDense, checkMode, type CategoryMode } from './encode-categories.js';
import { checkSalt, type Salt } from './hash-bins.js';
import type { LayerOptions } from '../layer-options.js';

/** Options of `integerLookup`. */
export interface IntegerLookupOptions extends LayerOptions {
  /** The numbers that are known, in order. Default: `adaptIntegerLookup` finds them. */
  readonly vocabulary?: readonly number[];
  /** How many places there are at most, special ones included. Default: as many as there are numbers. */
  readonly maxTokens?: number;
  /** How many places stand for all other numbers. Default 1. */
  readonly numOovIndices?: number;
  /** A number that stands for nothing: place 0 with `int`, none otherwise. Default: none. */
  readonly maskToken?: number;
  /** What `invert` gives for places without a number. Default -1. */
  readonly oovToken?: number;
  /** What numbers are made of. Keras' only choice; on a device they are int32. */
  readonly vocabularyDtype?: 'int64';
  /** How much each number tells, for `tfIdf`. */
  readonly idfWeights?: readonly number[];
  /** Gives the numbers at places instead. Default false. */
  readonly invert?: boolean;
  /** Places (default), vectors as those of `categoryEncoding`, or counts times the weights. */
  readonly outputMode?: CategoryMode | 'tfIdf';
  /** There are no sparse tensors here. */
  readonly sparse?: false;
  /** Makes vectors of `maxTokens` places. Default false. */
  readonly padToMaxTokens?: boolean;
  /** How other numbers share their places: by remainder (default), or by hash. */
  readonly oovMethod?: 'floormod' | 'farmhash';
  /** Makes the hash one's own. */
  readonly salt?: Salt;
}

/** The options' names. */
export const INTEGER_LOOKUP: readonly string[] = [
  ...['vocabulary', 'maxTokens', 'numOovIndices', 'maskToken', 'oovToken', 'vocabularyDtype', 'idfWeights', 'invert'],
  ...['outputMode', 'sparse', 'padToMaxTokens', 'oovMethod', 'salt', 'vocabularySize'],
];

/** Options with their defaults, and what follows from them. */
export interface IntegerLookup {
  readonly maxTokens: number | undefined;
  readonly oov: number;
  readonly mask: number | undefined;
  readonly oovToken: number;
  readonly invert: boolean;
  readonly mode: CategoryMode | 'tfIdf';
  readonly pad: boolean;
  readonly oovMethod: 'floormod' | 'farmhash';
  readonly salt: readonly [number, number] | undefined;
  /** Where places for other numbers begin, and where the vocabulary does. */
  readonly oovStart: number;
  readonly tokenStart: number;
  /** Without special numbers; undefined where it is not known yet. */
  readonly tokens: readonly number[] | undefined;
  /** A weight for each place. */
  readonly idf: readonly number[] | undefined;
}

/** Checks the options of a lookup. Throws `GS_OPTION_VALUE` for what cannot be. */
export function checkIntegerLookup(where: string, options: IntegerLookupOptions): IntegerLookup {
  const whole = (name: string, value: unknown): number =>
    checkNumber(where, name, value, { integer: true, min: -(2 ** 31), max: 2 ** 31 - 1 });
  const { vocabulary, maxTokens, maskToken, idfWeights } = options;
  if (maxTokens !== undefined) checkNumber(where, 'maxTokens', maxTokens, { integer: true, min: 2 });
  const oov = checkNumber(where, 'numOovIndices', options.numOovIndices ?? 1, { integer: true, min: 0, max: 2 ** 22 });
  const mask = maskToken === undefined ? undefined : whole('maskToken', maskToken);
  const oovToken = whole('oovToken', options.oovToken ?? -1);
  checkChoice(where, 'vocabularyDtype', options.vocabularyDtype ?? 'int64', ['int64']);
  const invert = checkBoolean(where, 'invert', options.invert ?? false);
  const mode = checkMode(where, options.outputMode ?? 'int', [...CATEGORY_MODES, 'tfIdf'] as const);
  checkDense(where, options.sparse);
  const pad = checkBoolean(where, 'padToMaxTokens', options.padToMaxTokens ?? false);
  const oovMethod = checkChoice(where, 'oovMethod', options.oovMethod ?? 'floormod', ['floormod', 'farmhash']);
  const salt = checkSalt(where, options.salt);
  if (salt !== undefined && oovMethod !== 'farmhash') throw misfit(where, 'salt', 'oovMethod: "farmhash" with it');
  if (pad && maxTokens === undefined) throw misfit(where, 'padToMaxTokens', 'maxTokens with it');
  if (invert && mode !== 'int') throw misfit(where, 'invert', 'outputMode: "int" with it');
  if ((idfWeights !== undefined) !== (mode === 'tfIdf' && vocabulary !== undefined))
    throw misfit(where, 'idfWeights', 'weights and outputMode: "tfIdf" with a vocabulary');
  const oovStart = mask !== undefined && mode === 'int' ? 1 : 0;
  const tokenStart = oovStart + oov;
  const special = [...(oovStart === 1 ? [mask!] : []), ...Array.from({ length: oov }, () => oovToken)];
  const known = vocabulary?.map((token) => whole('vocabulary', token));
  const forbidden = [...(mask === undefined ? [] : [mask]), ...(invert ? [oovToken] : [])];
  const tokens = known === undefined ? undefined : ordinaryTokens(where, known, special, forbidden);
  if (tokens !== undefined && maxTokens !== undefined && tokens.length + tokenStart > maxTokens)
    throw misfit(where, 'maxTokens', `at least ${tokens.length + tokenStart}, for the vocabulary`);
  const idf = idfWeights?.map((weight) => checkNumber(where, 'idfWeights', weight));
  if (idf !== undefined && idf.length !== known!.length)
    throw misfit(where, 'idfWeights', 'one for each of the vocabulary');
  const mean = idf === undefined ? 0 : idf.reduce((sum, weight) => sum + weight, 0) / idf.length;
  // Weights for special places lead where the vocabulary has them too; else those are as the mean of the others.
  const led = known !== undefined && tokens!.length < known.length;
  const idfOfPlaces = idf === undefined || led ? idf : [...Array.from({ length: tokenStart }, () => mean), ...idf];
  return {
    maxTokens,
    oov,
    mask,
    oovToken,
    invert,
    mode,
    pad,
    oovMethod,
    salt,
    oovStart,
    tokenStart,
    tokens,
    idf: idfOfPlaces,
  };
}

function misfit(where: string, name: string, expected: string): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" does not fit the others`,
    expected,
    received: describeValue('another combination'),
    next: `Leave "${name}" out, or give what belongs to it.`,
  });
}
