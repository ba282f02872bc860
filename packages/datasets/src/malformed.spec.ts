import { describe, expect, it } from 'vitest';
import { isGradstreamError, type HostArray } from '@gradstream/core';
import { fromArrays } from './from-arrays.js';
import { fromAsyncIterable } from './from-async-iterable.js';
import { fromGenerator } from './from-generator.js';
import { oneHot } from './maps/one-hot.js';
import { rescale } from './maps/rescale.js';
import { parseIdx } from './idx/parse-idx.js';
import { mnist } from './node/mnist.js';
import { syntheticDigits } from './synthetic-digits/synthetic-digits.js';

const array = (shape: readonly number[], values = new Float32Array(shape.reduce((a, b) => a * b, 1))): HostArray => ({
  dtype: 'float32',
  shape,
  values,
});
const floats = (...shape: number[]): HostArray => array(shape);
const bytes = (...shape: number[]): HostArray => ({
  dtype: 'uint8',
  shape,
  values: new Uint8Array(shape.reduce((a, b) => a * b, 1)),
});
const numbers = fromAsyncIterable([1, 2, 3]);
const batched = (...elements: unknown[]): Promise<unknown> =>
  fromAsyncIterable(elements).batch(elements.length).toArray();
/** What a caller without types may pass. */
const wrong = (value: unknown): never => value as never;

/** Input that cannot be used, the code of the error, and a part of what it says. */
const table: readonly (readonly [string, () => unknown, string, string])[] = [
  [
    'arrays with other numbers of rows',
    () => fromArrays({ x: floats(3, 2), y: floats(4) }),
    'GS_DATASET_LENGTH',
    '4 examples',
  ],
  [
    'values that do not fill the shape',
    () => fromArrays({ x: array([2, 3], new Float32Array(5)) }),
    'GS_DATASET_SHAPE',
    'Float32Array(5)',
  ],
  ['a scalar as array of examples', () => fromArrays({ x: floats() }), 'GS_DATASET_SHAPE', 'shape []'],
  ['half an example', () => fromArrays({ x: array([2.5], new Float32Array(2)) }), 'GS_DATASET_SHAPE', '2.5'],
  [
    'a dtype that is none',
    () => fromArrays({ x: wrong({ dtype: 'float64', shape: [1], values: new Float64Array(1) }) }),
    'GS_DATASET_SHAPE',
    '"float64"',
  ],
  [
    'values of another dtype',
    () => fromArrays({ x: wrong({ dtype: 'int32', shape: [1], values: new Float32Array(1) }) }),
    'GS_DATASET_SHAPE',
    'Float32Array(1)',
  ],
  ['an array for records', () => fromArrays(wrong([1, 2])), 'GS_DATASET_ELEMENT', '[1, 2]'],
  ['no inputs', () => fromArrays(wrong({ y: floats(2) })), 'GS_DATASET_ELEMENT', '{ x, y }'],
  ['a plain list of numbers as field', () => fromArrays({ x: wrong([1, 2]) }), 'GS_DATASET_ELEMENT', '"x"'],
  ['a number as source', () => fromAsyncIterable(wrong(3)), 'GS_DATASET_SOURCE', '3'],
  ['a text as source', () => fromAsyncIterable(wrong('abc')), 'GS_DATASET_SOURCE', '"abc"'],
  ['a generator in place of its function', () => fromGenerator(wrong([1])), 'GS_OPTION_VALUE', 'function'],
  [
    'a function that opens nothing',
    () => fromGenerator(wrong(() => undefined)).toArray(),
    'GS_DATASET_SOURCE',
    'undefined',
  ],
  ['a misspelt option', () => fromGenerator(() => [], wrong({ sise: 3 })), 'GS_OPTION_UNKNOWN', 'size'],
  ['a batch of none', () => numbers.batch(0), 'GS_OPTION_VALUE', '0'],
  ['half a batch', () => numbers.batch(1.5), 'GS_OPTION_VALUE', '1.5'],
  [
    'a misspelt option of batch',
    () => numbers.batch(2, wrong({ dropReminder: true })),
    'GS_OPTION_UNKNOWN',
    'dropRemainder',
  ],
  ['a shuffle without window', () => numbers.shuffle(wrong(undefined)), 'GS_OPTION_VALUE', 'bufferSize'],
  ['a negative seed', () => numbers.shuffle(3, { seed: -1 }), 'GS_OPTION_VALUE', '-1'],
  ['a seed as option of another name', () => numbers.shuffle(3, wrong({ sead: 1 })), 'GS_OPTION_UNKNOWN', 'seed'],
  ['a negative count to take', () => numbers.take(-1), 'GS_OPTION_VALUE', '-1'],
  ['a count to skip that is none', () => numbers.skip(NaN), 'GS_OPTION_VALUE', 'NaN'],
  ['half a repeat', () => numbers.repeat(0.5), 'GS_OPTION_VALUE', '0.5'],
  ['a prefetch of none', () => numbers.prefetch(0), 'GS_OPTION_VALUE', '0'],
  ['a map without function', () => numbers.map(wrong('double')), 'GS_OPTION_VALUE', '"double"'],
  ['a filter without function', () => numbers.filter(wrong(true)), 'GS_OPTION_VALUE', 'true'],
  ['a step that gives nothing', () => numbers.pipe(wrong(() => 5)).toArray(), 'GS_DATASET_SOURCE', '5'],
  ['an epoch before the first', () => numbers.iterate(-1), 'GS_OPTION_VALUE', 'epoch'],
  ['a batch of numbers', () => batched(1, 2), 'GS_DATASET_ELEMENT', 'map()'],
  ['a batch of examples with a text', () => batched({ x: 'a' }), 'GS_DATASET_ELEMENT', '"x"'],
  [
    'examples of other shapes',
    () => batched({ x: floats(2, 3) }, { x: floats(3, 2) }),
    'GS_DATASET_SHAPE',
    'float32 [3, 2]',
  ],
  ['examples of other dtypes', () => batched({ x: floats(2) }, { x: bytes(2) }), 'GS_DATASET_SHAPE', 'uint8 [2]'],
  [
    'an example whose values do not fill its shape',
    () => batched({ x: floats(2) }, { x: array([2], new Float32Array(1)) }),
    'GS_DATASET_SHAPE',
    '1 values',
  ],
  [
    'an example without target',
    () => batched({ x: floats(2), y: floats() }, { x: floats(2) }),
    'GS_DATASET_SHAPE',
    'the fields x, y',
  ],
  [
    'an example with one field more',
    () => batched({ x: { a: floats() } }, { x: { a: floats(), b: floats() } }),
    'GS_DATASET_SHAPE',
    'a, b',
  ],
  [
    'an array where a record was',
    () => batched({ x: { a: floats() } }, { x: floats() }),
    'GS_DATASET_SHAPE',
    'float32 []',
  ],
  ['a factor that is none', () => rescale(NaN), 'GS_OPTION_VALUE', 'NaN'],
  ['no classes', () => oneHot(0), 'GS_OPTION_VALUE', '0'],
  [
    'a label out of range',
    () => oneHot(3)({ x: floats(1), y: array([1], Float32Array.of(3)) }),
    'GS_DATASET_LABEL',
    '0 to 2',
  ],
  ['half a label', () => oneHot(3)({ x: floats(1), y: array([1], Float32Array.of(0.5)) }), 'GS_DATASET_LABEL', '0.5'],
  ['labels by name', () => oneHot(3)(wrong({ x: floats(1), y: { a: floats(1) } })), 'GS_DATASET_LABEL', '"y"'],
  [
    'a misspelt option of parseIdx',
    () => parseIdx(new Uint8Array(4), wrong({ maxByte: 1 })),
    'GS_OPTION_UNKNOWN',
    'maxBytes',
  ],
  ['a negative limit', () => parseIdx(new Uint8Array(4), { maxBytes: -1 }), 'GS_OPTION_VALUE', '-1'],
  ['digits of two pixels', () => syntheticDigits({ size: 2 }), 'GS_OPTION_VALUE', '2'],
  ['no digits', () => syntheticDigits({ train: 0 }), 'GS_OPTION_VALUE', '0'],
  [
    'a misspelt option of syntheticDigits',
    () => syntheticDigits(wrong({ normalise: false })),
    'GS_OPTION_UNKNOWN',
    'normalize',
  ],
  ['a folder that is no path', () => mnist({ folder: wrong(3) }), 'GS_OPTION_VALUE', '3'],
  ['a misspelt option of mnist', () => mnist(wrong({ foldr: '/data' })), 'GS_OPTION_UNKNOWN', 'folder'],
];

describe('input that cannot be used', () => {
  it.each(table)('%s', async (_, use, code, part) => {
    const error: unknown = await (async () => use())().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(isGradstreamError(error) ? error.code : error).toBe(code);
    const { where, what, expected, received, next, message } = error as Record<string, string>;
    for (const beat of [where, what, expected, received, next]) expect(beat).toMatch(/\S/);
    expect(message).toContain(part);
  });
});
