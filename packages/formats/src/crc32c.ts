/** The polynomial of CRC-32C (Castagnoli), bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** Eight tables of 256 in one: `tables[256 * k + b]` is the checksum of byte `b` followed by `k` zero bytes. */
let tables: Uint32Array | undefined;

function makeTables(): Uint32Array {
  const made = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    made[byte] = value;
  }
  for (let i = 256; i < made.length; i++) {
    const before = made[i - 256]!;
    made[i] = (before >>> 8) ^ made[before & 0xff]!;
  }
  return made;
}

/**
 * The CRC-32C checksum of bytes, as an unsigned 32-bit number: `crc32c` of the ASCII digits `123456789` is `0xe3069283`.
 *
 * Give the checksum of what came before as `previous` to continue it. Source: RFC 3720, appendix B.4; eight bytes at a time by tables.
 */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  const table = (tables ??= makeTables());
  const wholeEnd = bytes.length - (bytes.length % 8);
  let crc = ~previous;
  let i = 0;
  for (; i < wholeEnd; i += 8) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      table[1792 + (crc & 0xff)]! ^
      table[1536 + ((crc >>> 8) & 0xff)]! ^
      table[1280 + ((crc >>> 16) & 0xff)]! ^
      table[1024 + (crc >>> 24)]! ^
      table[768 + bytes[i + 4]!]! ^
      table[512 + bytes[i + 5]!]! ^
      table[256 + bytes[i + 6]!]! ^
      table[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 0xff]!;
  return ~crc >>> 0;
}

/** The checksum as TFRecord files store it, rotated and offset so that a checksum of data that holds checksums stays a good one: `((c >>> 15 | c << 17) + 0xa282ead8) mod 2^32`. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
