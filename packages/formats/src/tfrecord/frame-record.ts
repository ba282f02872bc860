import { maskedCrc32c } from '../crc32c.js';

/** Bytes that framing adds to a record: length 8, its checksum 4, the data's checksum 4. */
const FRAME_OVERHEAD = 16;

/**
 * One record as a TFRecord file holds it: `u64 length | u32 checksum of these 8 bytes | data | u32 checksum of the data`, little-endian,
 * checksums masked. A file is such records one after another.
 */
export function frameRecord(data: Uint8Array): Uint8Array {
  const framed = new Uint8Array(data.length + FRAME_OVERHEAD);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(framed.subarray(0, 8)), true);
  framed.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return framed;
}
