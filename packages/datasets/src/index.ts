// The public names of @gradstream/datasets: names only, one export a line.
export { dataset, type Dataset } from './dataset.js';
export type { Example, Fields, LabelledExample } from './example.js';
export { fromArrays } from './from-arrays.js';
export { fromAsyncIterable } from './from-async-iterable.js';
export { fromGenerator, type FromGeneratorOptions } from './from-generator.js';
export { parseIdx, type ParseIdxOptions } from './idx/parse-idx.js';
export type { Bytes } from './internal/byte-chunks.js';
export { oneHot, type OneHotExample } from './maps/one-hot.js';
export { rescale, type Rescaled } from './maps/rescale.js';
export { rowwise } from './maps/rowwise.js';
export type { BatchOptions } from './operators/batch.js';
export type { Step } from './operators/pipe.js';
export type { RandomMapOptions } from './operators/random-map.js';
export type { ShuffleOptions } from './operators/shuffle.js';
export type { DatasetPosition, Operator, Rows, Source } from './source.js';
export {
  syntheticDigits,
  type SyntheticDigitsOptions,
  type TrainAndTest,
} from './synthetic-digits/synthetic-digits.js';
export { adaptStringLookup, type Documents } from './text/adapt-string-lookup.js';
export { stringLookup, type StringLookup, type StringLookupOptions } from './text/string-lookup.js';
export { textCrossing, type TextCrossingOptions } from './text/text-crossing.js';
export { textHashing, type TextHashingOptions } from './text/text-hashing.js';
export {
  adaptTextVectorization,
  textVectorization,
  type TextVectorization,
  type TextVectorizationOptions,
} from './text/text-vectorization.js';
export type { Texts } from './text/texts.js';
export type { LookupMode } from './internal/host-encode.js';
export type { TokenOptions } from './internal/text-tokens.js';
