import { sizeOf, type HostArray } from '@gradstream/core';
import { hostValues } from './host-values.js';

/** Rows of an array, in the order of their numbers, in a new array: shape `[numbers, ...rest]`. */
export function gatherRows(array: HostArray, numbers: Uint32Array): HostArray {
  const rest = array.shape.slice(1);
  const shape = [numbers.length, ...rest];
  const rowSize = sizeOf(rest);
  const { values } = array;
  if (isRun(numbers)) {
    const start = numbers.length === 0 ? 0 : numbers[0]! * rowSize;
    return { dtype: array.dtype, shape, values: values.slice(start, start + numbers.length * rowSize) };
  }
  const rows = hostValues(array.dtype, numbers.length * rowSize);
  if (rowSize === 1) {
    // One number a row, as class labels: copying views would cost more than the numbers.
    for (let i = 0; i < numbers.length; i++) rows[i] = values[numbers[i]!]!;
  } else {
    for (let i = 0; i < numbers.length; i++) {
      const start = numbers[i]! * rowSize;
      rows.set(values.subarray(start, start + rowSize), i * rowSize);
    }
  }
  return { dtype: array.dtype, shape, values: rows };
}

/** One row of an array in a new array, without the leading dimension. */
export function takeRow(array: HostArray, number: number): HostArray {
  const shape = array.shape.slice(1);
  const rowSize = sizeOf(shape);
  return { dtype: array.dtype, shape, values: array.values.slice(number * rowSize, (number + 1) * rowSize) };
}

/** True when each number is one more than the one before: the rows lie together and can be copied at once. */
function isRun(numbers: Uint32Array): boolean {
  for (let i = 1; i < numbers.length; i++) if (numbers[i] !== numbers[i - 1]! + 1) return false;
  return true;
}
