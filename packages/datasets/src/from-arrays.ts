import { describeShape, describeValue, GradstreamError, sizeOf, type HostArray } from '@gradstream/core';
import { dataset, type Dataset } from './dataset.js';
import type { Example } from './example.js';
import { gatherRows, takeRow } from './internal/gather-rows.js';
import { holdsDtype, hostDtypes } from './internal/host-values.js';
import { rowsSource } from './internal/rows-source.js';
import { fieldNames, fieldPath, isHostArray, isRecord, mapArrays, type Structure } from './internal/structure.js';

/** Row numbers handed on at a time. */
const CHUNK = 4096;

/**
 * A dataset of arrays in memory: one example a row of the leading dimension, which all arrays share.
 *
 * The fast path of training: shuffling reorders row numbers and batching copies rows straight into new arrays. The arrays given are kept,
 * not copied: they have to stay as they are while the dataset is in use.
 *
 * Throws `GS_DATASET_LENGTH` where the arrays have different numbers of rows, `GS_DATASET_SHAPE` where values do not fit shape or dtype, and
 * `GS_DATASET_ELEMENT` for something that is no array with a shape.
 */
export function fromArrays<T extends Example>(arrays: T): Dataset<T> {
  const found = checkedArrays(arrays, '');
  const [first] = found;
  const size = first?.array.shape[0];
  if (first === undefined || size === undefined || (arrays as Partial<Example>).x === undefined)
    throw notArrays('', arrays);
  for (const { path, array } of found) {
    if (array.shape[0] === size) continue;
    throw new GradstreamError('GS_DATASET_LENGTH', {
      where,
      what: `The field "${path}" has another number of examples than "${first.path}"`,
      expected: `${size} examples, as "${first.path}" with shape ${describeShape(first.array.shape)} has`,
      received: `${array.shape[0]} examples, shape ${describeShape(array.shape)}`,
      next: 'Give all arrays the same leading dimension.',
    });
  }
  const table = arrays as unknown as Structure;
  return dataset(
    rowsSource<T>(size, {
      *order() {
        for (let start = 0; start < size; start += CHUNK) {
          const numbers = new Uint32Array(Math.min(CHUNK, size - start));
          for (let i = 0; i < numbers.length; i++) numbers[i] = start + i;
          yield numbers;
        }
      },
      gather: (numbers) => mapArrays(table, (array) => gatherRows(array, numbers)) as unknown as T,
      example: (number) => mapArrays(table, (array) => takeRow(array, number)) as unknown as T,
    }),
  );
}

const where = 'datasets/fromArrays';

interface NamedArray {
  readonly path: string;
  readonly array: HostArray;
}

function checkedArrays(value: unknown, path: string): NamedArray[] {
  if (isHostArray(value)) {
    checkArray(value, path);
    return [{ path, array: value }];
  }
  if (!isRecord(value)) throw notArrays(path, value);
  return fieldNames(value).flatMap((name) => checkedArrays(value[name], fieldPath(path, name)));
}

function checkArray(array: HostArray, path: string): void {
  const { dtype, shape, values } = array;
  const whole = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (
    hostDtypes.includes(dtype) &&
    holdsDtype(dtype, values) &&
    whole &&
    shape.length > 0 &&
    values.length === sizeOf(shape)
  )
    return;
  throw new GradstreamError('GS_DATASET_SHAPE', {
    where,
    what: `The field "${path}" is not a whole array of examples`,
    expected:
      'dtype float32, int32, uint8 or bool, its typed array, and a shape of at least one dimension whose product is the number of values',
    received: `${describeValue(dtype)}, shape ${describeShape(shape)}, values ${describeValue(values)}`,
    next: 'Correct the shape or the values; the first dimension counts the examples.',
  });
}

function notArrays(path: string, value: unknown): GradstreamError {
  return new GradstreamError('GS_DATASET_ELEMENT', {
    where,
    what: path === '' ? 'There are no arrays to take examples from' : `The field "${path}" is no array with a shape`,
    expected: '{ x, y } of { dtype, shape, values }, or of records of these',
    received: describeValue(value),
    next: 'Write an array as { dtype: "float32", shape: [rows, columns], values: new Float32Array(...) }.',
  });
}
