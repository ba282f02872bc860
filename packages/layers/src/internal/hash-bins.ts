import { describeValue, GradstreamError } from '@gradstream/core';
import { add, cast, equal, reshape, scalar, where, type Tensor } from '@tensorflow/tfjs-core';
import { farmHashOfIntegers, sipHashOfIntegers } from './uint64/hash-integers.js';
import { remainder } from './uint64/remainder.js';

/** Two whole numbers that make a hash one's own. */
export type Salt = number | readonly [number, number];

/** The option `salt` as two numbers. */
export function checkSalt(place: string, salt: unknown): readonly [number, number] | undefined {
  if (salt === undefined || salt === null) return undefined;
  const pair: readonly unknown[] = Array.isArray(salt) ? salt : [salt, salt];
  if (pair.length === 2 && pair.every((one) => Number.isSafeInteger(one))) return pair as [number, number];
  throw new GradstreamError('GS_OPTION_VALUE', {
    where: place,
    what: 'The option "salt" has a value that cannot be used',
    expected: 'a whole number, or two',
    received: describeValue(salt),
    next: 'Give such numbers, or leave it out.',
  });
}

/** The bins of whole numbers: the hash of their decimal text modulo the number of bins, int32 of their shape. */
export function hashToBins(x: Tensor, bins: number, salt: readonly [number, number] | undefined): Tensor {
  const flat = cast(reshape(x, [x.size]), 'int32');
  const words =
    salt === undefined
      ? farmHashOfIntegers(flat)
      : sipHashOfIntegers(flat, [BigInt.asUintN(64, BigInt(salt[0])), BigInt.asUintN(64, BigInt(salt[1]))]);
  return reshape(remainder(words, bins), x.shape);
}

/** The same with bin 0 for one value alone; the others are hashed to the rest. */
export function hashWithMask(
  x: Tensor,
  bins: number,
  { salt, mask }: { readonly salt: readonly [number, number] | undefined; readonly mask: number | undefined },
): Tensor {
  if (mask === undefined || bins === 1) return hashToBins(x, bins, salt);
  const others = add(hashToBins(x, bins - 1, salt), scalar(1, 'int32'));
  return where(equal(cast(x, 'int32'), scalar(mask, 'int32')), scalar(0, 'int32'), others);
}
