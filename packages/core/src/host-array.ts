/** The element types that travel between host and device. `uint8` holds images and `bool`-like flags compactly; it becomes int32 or float32 on a device. */
export type HostDtype = 'float32' | 'int32' | 'uint8' | 'bool';

/** The typed array that holds elements of each dtype. */
export interface HostValues {
  float32: Float32Array;
  int32: Int32Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

/** Numbers on the host with a shape, in row-major order: what datasets give and checkpoints hold. No tensor, no device. */
export interface HostArray<D extends HostDtype = HostDtype> {
  readonly dtype: D;
  /** Sizes by dimension; the empty list is a scalar. */
  readonly shape: readonly number[];
  /** `shape`'s product many elements. */
  readonly values: HostValues[D];
}

/** The number of elements of a shape: the product of its sizes, 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
}
