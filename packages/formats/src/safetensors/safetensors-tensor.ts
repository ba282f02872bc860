import { GradstreamError, sizeOf, type HostArray, type HostDtype } from '@gradstream/core';
import { bytesOf } from './bytes-of.js';

/** Bytes an element, by the format's dtype names, from the smallest alignment to the largest as files are sorted by it. */
export const ELEMENT_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;

/** An element type of a safetensors file. */
export type SafetensorsDtype = keyof typeof ELEMENT_BYTES;

/** A tensor as a file holds it: row-major, little-endian bytes. */
export interface SafetensorsTensor {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const DTYPES: Readonly<Record<HostDtype, SafetensorsDtype>> = {
  float32: 'F32',
  int32: 'I32',
  uint8: 'U8',
  bool: 'BOOL',
};

/** An array as a file holds it, over the same memory. `name` is for the error: `GS_SAFETENSORS_TENSOR` where values and shape do not fit. */
export function fromHostArray(name: string, { dtype, shape, values }: HostArray): SafetensorsTensor {
  if (!Object.hasOwn(DTYPES, dtype) || values.length !== sizeOf(shape)) {
    throw new GradstreamError('GS_SAFETENSORS_TENSOR', {
      where: `formats/safetensors ${JSON.stringify(name)}`,
      what: 'The array does not fit its own description',
      expected: `${Object.keys(DTYPES).join(', ')} with ${sizeOf(shape)} values for the shape [${shape.join(', ')}]`,
      received: `${dtype} with ${values.length} values`,
      next: 'Give the shape and dtype that the values have.',
    });
  }
  return { dtype: DTYPES[dtype], shape, bytes: bytesOf(values) };
}

/**
 * A file's tensor as an array of numbers: F32, I32, U8 and BOOL, exact bits. It shares the file's memory where the bytes are aligned to the
 * element size and is a copy elsewhere. Every other dtype is refused with `GS_SAFETENSORS_DTYPE`; its bytes are there as they are.
 */
export function toHostArray(name: string, { dtype, shape, bytes }: SafetensorsTensor): HostArray {
  switch (dtype) {
    case 'F32': {
      const { buffer, byteOffset } = aligned(bytes);
      return { dtype: 'float32', shape, values: new Float32Array(buffer, byteOffset, bytes.length / 4) };
    }
    case 'I32': {
      const { buffer, byteOffset } = aligned(bytes);
      return { dtype: 'int32', shape, values: new Int32Array(buffer, byteOffset, bytes.length / 4) };
    }
    case 'U8':
      return { dtype: 'uint8', shape, values: bytes };
    case 'BOOL':
      return { dtype: 'bool', shape, values: bytes };
    default:
      throw new GradstreamError('GS_SAFETENSORS_DTYPE', {
        where: `formats/safetensors ${JSON.stringify(name)}`,
        what: 'The tensor has a dtype that no array here holds',
        expected: Object.values(DTYPES).join(', '),
        received: dtype,
        next: 'Convert the tensor before it is saved, or read its bytes from `tensors`.',
      });
  }
}

function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
}
