const K0 = 0xc3a5c85c97cb3127n;
const K1 = 0xb492b66fbe98f273n;
const K2 = 0x9ae16a3b2f90404fn;

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (value: bigint, places: bigint): bigint => u64((value >> places) | (value << (64n - places)));
const mixed = (value: bigint): bigint => value ^ (value >> 47n);

/** FarmHash's Fingerprint64 of bytes (Google, 2014; the hash `farmhashna`): the number that TensorFlow's fast hash buckets come from. */
export function farmHash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  if (length <= 16) return upTo16(bytes, view);
  if (length <= 32) return upTo32(view);
  return length <= 64 ? upTo64(view) : longer(view);
}

const fetch = (view: DataView, at: number): bigint => view.getBigUint64(at, true);

function joined(u: bigint, v: bigint, factor: bigint): bigint {
  const a = mixed(u64((u ^ v) * factor));
  const b = mixed(u64((v ^ a) * factor));
  return u64(b * factor);
}

function upTo16(bytes: Uint8Array, view: DataView): bigint {
  const { length } = bytes;
  const size = BigInt(length);
  const factor = u64(K2 + size * 2n);
  if (length >= 8) {
    const a = u64(fetch(view, 0) + K2);
    const b = fetch(view, length - 8);
    return joined(u64(rotate(b, 37n) * factor + a), u64((rotate(a, 25n) + b) * factor), factor);
  }
  if (length >= 4) {
    const a = BigInt(view.getUint32(0, true));
    return joined(size + (a << 3n), BigInt(view.getUint32(length - 4, true)), factor);
  }
  if (length === 0) return K2;
  const [a, b, c] = [bytes[0]!, bytes[length >> 1]!, bytes[length - 1]!].map(BigInt) as [bigint, bigint, bigint];
  return u64(mixed(u64((a + (b << 8n)) * K2) ^ u64((size + (c << 2n)) * K0)) * K2);
}

function upTo32(view: DataView): bigint {
  const length = view.byteLength;
  const factor = u64(K2 + BigInt(length) * 2n);
  const a = u64(fetch(view, 0) * K1);
  const b = fetch(view, 8);
  const c = u64(fetch(view, length - 8) * factor);
  const d = u64(fetch(view, length - 16) * K2);
  return joined(u64(rotate(u64(a + b), 43n) + rotate(c, 30n) + d), u64(a + rotate(u64(b + K2), 18n) + c), factor);
}

function upTo64(view: DataView): bigint {
  const length = view.byteLength;
  const factor = u64(K2 + BigInt(length) * 2n);
  const a = u64(fetch(view, 0) * K2);
  const b = fetch(view, 8);
  const c = u64(fetch(view, length - 8) * factor);
  const d = u64(fetch(view, length - 16) * K2);
  const y = u64(rotate(u64(a + b), 43n) + rotate(c, 30n) + d);
  const z = joined(y, u64(a + rotate(u64(b + K2), 18n) + c), factor);
  const e = u64(fetch(view, 16) * factor);
  const f = fetch(view, 24);
  const g = u64((y + fetch(view, length - 32)) * factor);
  const h = u64((z + fetch(view, length - 24)) * factor);
  return joined(u64(rotate(u64(e + f), 43n) + rotate(g, 30n) + h), u64(e + rotate(u64(f + a), 18n) + g), factor);
}

type Pair = readonly [bigint, bigint];

function weak(view: DataView, at: number, first: bigint, second: bigint): Pair {
  const last = fetch(view, at + 24);
  const a = u64(first + fetch(view, at));
  const b = rotate(u64(second + a + last), 21n);
  const sum = u64(a + fetch(view, at + 8) + fetch(view, at + 16));
  return [u64(sum + last), u64(b + rotate(sum, 44n) + a)];
}

function longer(view: DataView): bigint {
  const length = view.byteLength;
  const seed = 81n;
  let x = u64(seed * K2 + fetch(view, 0));
  let y = u64(seed * K1 + 113n);
  let z = u64(mixed(u64(y * K2 + 113n)) * K2);
  let v: Pair = [0n, 0n];
  let w: Pair = [0n, 0n];
  const step = (at: number, factor: bigint, scale: bigint): void => {
    x = u64(rotate(u64(x + y + v[0] + fetch(view, at + 8)), 37n) * factor) ^ u64(w[1] * scale);
    y = u64(rotate(u64(y + v[1] + fetch(view, at + 48)), 42n) * factor + v[0] * scale + fetch(view, at + 40));
    z = u64(rotate(u64(z + w[0]), 33n) * factor);
    v = weak(view, at, u64(v[1] * factor), u64(x + w[0]));
    w = weak(view, at + 32, u64(z + w[1]), u64(y + fetch(view, at + 16)));
    [z, x] = [x, z];
  };
  const end = Math.floor((length - 1) / 64) * 64;
  for (let at = 0; at < end; at += 64) step(at, K1, 1n);
  const factor = u64(K1 + ((z & 0xffn) << 1n));
  const first = u64(w[0] + BigInt((length - 1) & 63));
  v = [u64(v[0] + first), v[1]];
  w = [u64(first + v[0]), w[1]];
  step(length - 64, factor, 9n);
  return joined(u64(joined(v[0], w[0], factor) + mixed(y) * K0 + z), u64(joined(v[1], w[1], factor) + x), factor);
}

/** FarmHash's FingerprintCat64: one fingerprint of two. */
export function joinFingerprints(a: bigint, b: bigint): bigint {
  const factor = 0xc6a4a7935bd1e995n;
  const hashed = u64(mixed(u64(b * factor)) * factor);
  const both = u64((a ^ factor ^ hashed) * factor);
  return mixed(u64(mixed(both) * factor));
}
