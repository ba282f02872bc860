import type { HostDtype, HostValues } from '@gradstream/core';

const constructors = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array } as const;

/** The dtypes that arrays in memory may have. */
export const hostDtypes: readonly HostDtype[] = ['float32', 'int32', 'uint8', 'bool'];

/** New zeros of a dtype. */
export function hostValues<D extends HostDtype>(dtype: D, length: number): HostValues[D] {
  return new constructors[dtype](length) as HostValues[D];
}

/** True when the typed array is the one that holds elements of this dtype. */
export function holdsDtype(dtype: HostDtype, values: unknown): boolean {
  return values instanceof constructors[dtype];
}
