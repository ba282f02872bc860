const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const left = (value: bigint, places: bigint): bigint => u64((value << places) | (value >> (64n - places)));

/** SipHash-2-4 of bytes with a key of two words (Aumasson and Bernstein, 2012): the number that TensorFlow's strong hash buckets come from. */
export function sipHash64(bytes: Uint8Array, [k0, k1]: readonly [bigint, bigint]): bigint {
  let v0 = k0 ^ 0x736f6d6570736575n;
  let v1 = k1 ^ 0x646f72616e646f6dn;
  let v2 = k0 ^ 0x6c7967656e657261n;
  let v3 = k1 ^ 0x7465646279746573n;
  const rounds = (count: number): void => {
    for (let round = 0; round < count; round++) {
      v0 = u64(v0 + v1);
      v1 = left(v1, 13n) ^ v0;
      v0 = left(v0, 32n);
      v2 = u64(v2 + v3);
      v3 = left(v3, 16n) ^ v2;
      v0 = u64(v0 + v3);
      v3 = left(v3, 21n) ^ v0;
      v2 = u64(v2 + v1);
      v1 = left(v1, 17n) ^ v2;
      v2 = left(v2, 32n);
    }
  };
  const absorb = (block: bigint): void => {
    v3 ^= block;
    rounds(2);
    v0 ^= block;
  };
  const whole = bytes.length - (bytes.length % 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole; at += 8) absorb(view.getBigUint64(at, true));
  let last = BigInt(bytes.length & 255) << 56n;
  for (let at = whole; at < bytes.length; at++) last |= BigInt(bytes[at]!) << BigInt(8 * (at - whole));
  absorb(last);
  v2 ^= 0xffn;
  rounds(4);
  return v0 ^ v1 ^ v2 ^ v3;
}
