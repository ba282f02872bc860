import {
  add,
  cast,
  concat,
  floorDiv,
  gather,
  greaterEqual,
  mod,
  mul,
  reshape,
  scalar,
  stack,
  sub,
  where,
  zeros,
  less,
  tile,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { bytesAt, decimalText, type DecimalText } from './decimal-text.js';
import {
  multipliers,
  ofBytes,
  plus,
  rotateRight,
  shiftLeft,
  shiftRight,
  times,
  word,
  xor,
  type Words,
} from './words.js';

const K0 = 0xc3a5c85c97cb3127n;
const K2 = 0x9ae16a3b2f90404fn;
/** The longest text of an int32: -2147483648. */
const LONGEST = 11;

/** FarmHash64 (Google, 2014) of the decimal text of int32 `[n]`: `[n, 64]`, on any backend, nothing read back. */
export function farmHashOfIntegers(values: Tensor): Words {
  const text = decimalText(values);
  const { length } = text;
  const rows = length.size;
  const least = (size: number): Tensor => reshape(greaterEqual(length, size), [rows, 1]);
  const factor = gather(multipliers(Array.from({ length: LONGEST + 1 }, (_, size) => K2 + 2n * BigInt(size))), length);
  return where(least(8), longText(text, factor), where(least(4), middleText(text, factor), shortText(text)));
}

/** Whole numbers from 0 to 255 (int32 `[n]`) as words. */
function small(values: Tensor): Words {
  const rows = values.size;
  return ofBytes(concat([reshape(cast(values, 'float32'), [rows, 1]), zeros([rows, 7])], 1));
}

function byteAt(text: DecimalText, place: Tensor): Words {
  return ofBytes(bytesAt(text, place, 1));
}

const mixed = (words: Words): Words => xor(words, shiftRight(words, 47));

/** 1 to 3 bytes. */
function shortText(text: DecimalText): Words {
  const int = (value: number): Tensor => scalar(value, 'int32');
  const first = ofBytes(bytesAt(text, 0, 1));
  const middle = byteAt(text, cast(floorDiv(text.length, int(2)), 'int32'));
  const last = byteAt(text, sub(text.length, int(1)));
  const y = plus(first, shiftLeft(middle, 8));
  const z = plus(small(text.length), shiftLeft(last, 2));
  return times(mixed(xor(times(y, K2), times(z, K0))), K2);
}

/** 4 to 7 bytes. */
function middleText(text: DecimalText, factor: Tensor): Words {
  const begin = ofBytes(bytesAt(text, 0, 4));
  const end = ofBytes(bytesAt(text, sub(text.length, scalar(4, 'int32')), 4));
  return joined(plus(small(text.length), shiftLeft(begin, 3)), end, factor);
}

/** 8 to 16 bytes. */
function longText(text: DecimalText, factor: Tensor): Words {
  const a = plus(ofBytes(bytesAt(text, 0)), word(K2));
  const b = ofBytes(bytesAt(text, sub(text.length, scalar(8, 'int32'))));
  const c = plus(times(rotateRight(b, 37), factor), a);
  const d = times(plus(rotateRight(a, 25), b), factor);
  return joined(c, d, factor);
}

function joined(u: Words, v: Words, factor: Tensor): Words {
  const a = mixed(times(xor(u, v), factor));
  return times(mixed(times(xor(v, a), factor)), factor);
}

/** SipHash-2-4 (Aumasson and Bernstein, 2012) of the decimal text of int32 `[n]` with a key of two words. */
export function sipHashOfIntegers(values: Tensor, [k0, k1]: readonly [bigint, bigint]): Words {
  const text = decimalText(values);
  const rows = text.length.size;
  const start = [
    k0 ^ 0x736f6d6570736575n,
    k1 ^ 0x646f72616e646f6dn,
    k0 ^ 0x6c7967656e657261n,
    k1 ^ 0x7465646279746573n,
  ];
  const empty = start.map((value) => tile(word(value), [rows, 1])) as unknown as SipState;
  const isLong = reshape(greaterEqual(text.length, 8), [rows, 1]);
  const filled = absorb(empty, ofBytes(bytesAt(text, 0)));
  const state = empty.map((words, index) => where(isLong, filled[index]!, words)) as unknown as SipState;
  // The last block: what is left of the text, and the length in the top byte.
  const rest = where(isLong, bytesAt(text, 8), bytesAt(text, 0));
  const length = reshape(cast(text.length, 'float32'), [rows, 1]);
  const last = ofBytes(add(rest, concat([zeros([rows, 7]), length], 1)));
  const [v0, v1, v2, v3] = absorb(state, last);
  const [a, b, c, d] = rounds([v0, v1, xor(v2, word(0xffn)), v3], 4);
  return xor(xor(a, b), xor(c, d));
}

type SipState = readonly [Words, Words, Words, Words];

function absorb([v0, v1, v2, v3]: SipState, block: Words): SipState {
  const [a, b, c, d] = rounds([v0, v1, v2, xor(v3, block)], 2);
  return [xor(a, block), b, c, d];
}

function rounds(state: SipState, count: number): SipState {
  let [v0, v1, v2, v3] = state;
  const left = (words: Words, places: number): Words => rotateRight(words, 64 - places);
  for (let round = 0; round < count; round++) {
    v0 = plus(v0, v1);
    v1 = xor(left(v1, 13), v0);
    v0 = left(v0, 32);
    v2 = plus(v2, v3);
    v3 = xor(left(v3, 16), v2);
    v0 = plus(v0, v3);
    v3 = xor(left(v3, 21), v0);
    v2 = plus(v2, v1);
    v1 = xor(left(v1, 17), v2);
    v2 = left(v2, 32);
  }
  return [v0, v1, v2, v3];
}

/** FarmHash's FingerprintCat64 of whole numbers of several features (int32 `[n]` each), one after the other, from the start that TensorFlow's crosses have. */
export function crossHash(features: readonly Tensor[]): Words {
  const rows = features[0]!.size;
  return features.reduce<Words>(
    (hash, feature) => concatenated(hash, ofIntegers(feature)),
    tile(word(0xdecafcaffen), [rows, 1]),
  );
}

function concatenated(a: Words, b: Words): Words {
  const factor = 0xc6a4a7935bd1e995n;
  const hashed = times(mixed(times(b, factor)), factor);
  const joinedWords = times(xor(xor(a, word(factor)), hashed), factor);
  return mixed(times(mixed(joinedWords), factor));
}

/** int32 `[n]` as words of 64 bits, the sign continued. */
function ofIntegers(values: Tensor): Words {
  const base = scalar(256, 'int32');
  const bytes: Tensor[] = [];
  let left = values;
  for (let place = 0; place < 4; place++) {
    bytes.push(cast(mod(left, base), 'float32'));
    left = cast(floorDiv(left, base), 'int32');
  }
  const sign = mul(cast(less(values, 0), 'float32'), 255);
  return ofBytes(stack([...bytes, sign, sign, sign, sign], 1));
}
