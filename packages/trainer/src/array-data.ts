import type { HostArray } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Lists of numbers or booleans, nested as deep as the array has dimensions, all lists of a depth of one length. */
export type NestedNumbers = readonly (number | boolean | NestedNumbers)[];

/** The typed arrays that are understood; alone, one has one dimension. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/** Numbers in memory with the examples in front: `{ dtype, shape, values }`, a typed array, nested lists, or a tensor, which stays the caller's. */
export type Numbers = HostArray | NumberArray | NestedNumbers | Tensor;

/** One array, or several by the names of the model's inputs or outputs. */
export type NumberFields = Numbers | Readonly<Record<string, Numbers>>;

/** A whole data set in memory, a row an example. `sampleWeight` as in `Example`. */
export interface ArrayData {
  readonly x: NumberFields;
  readonly y?: NumberFields;
  readonly sampleWeight?: NumberFields;
}
