/** The bytes of a typed array, over the same memory. Little-endian, as every host that runs JavaScript engines with SIMD is. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
