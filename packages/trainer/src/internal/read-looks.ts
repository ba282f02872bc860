import type { ObservedKind, TensorStatistics } from '@gradstream/core';
import { concat, reshape, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { histogram } from './histogram.js';

/** A tensor that was looked at: its numbers on the device. */
export interface Look {
  readonly kind: ObservedKind | 'loss';
  readonly path: string;
  /** Of a histogram, 0 for none; undefined where nobody asked for statistics of this kind. */
  readonly buckets: number | undefined;
  readonly statistics: Tensor;
  readonly saturated: Tensor | undefined;
  /** The values themselves, where a histogram was asked for. */
  readonly values: Tensor | undefined;
}

/** The same on the host. */
export interface ReadLook extends Pick<Look, 'kind' | 'path'> {
  readonly isTold: boolean;
  readonly numbers: TensorStatistics;
}

const NUMBERS = 7;

/** Reads looks, in one piece, and the shares of their windows by kind and path; frees all of these tensors. */
export async function readLooks(
  looks: readonly Look[],
  shares: ReadonlyMap<string, Tensor>,
): Promise<readonly ReadLook[]> {
  const looked = new Set(looks.map(({ kind, path }) => `${kind}\n${path}`));
  for (const [name, share] of shares) if (!looked.has(name)) share.dispose();
  if (looks.length === 0) return [];
  const small: Tensor[] = looks.map(({ statistics }) => statistics);
  const placeOf = (tensor: Tensor | undefined): number | undefined => tensor && small.push(tensor) - 1;
  const places = looks.map(({ kind, path, saturated }) => ({
    saturated: placeOf(saturated),
    share: placeOf(shares.get(`${kind}\n${path}`)),
  }));
  const starts: number[] = [];
  let length = 0;
  for (const { size } of small) {
    starts.push(length);
    length += size;
  }
  const all = tidy(() => concat(small.map((tensor) => reshape(tensor, [-1]))));
  for (const tensor of small) tensor.dispose();
  const values = await all.data();
  all.dispose();
  const result: ReadLook[] = [];
  for (const [index, look] of looks.entries()) {
    const { kind, path, buckets = 0 } = look;
    const { saturated, share } = places[index]!;
    const numbers = numbersAt(values, index * NUMBERS);
    const [dead, constant] = share === undefined ? [] : values.subarray(starts[share]!, starts[share]! + 2);
    const extra = {
      ...(saturated === undefined ? {} : { saturatedFraction: values[starts[saturated]!]! }),
      ...(share === undefined ? {} : { deadFraction: dead!, constantFraction: constant! }),
      ...(look.values === undefined ? {} : { histogram: histogram(await look.values.data(), numbers, buckets) }),
    };
    look.values?.dispose();
    result.push({ kind, path, isTold: look.buckets !== undefined, numbers: { ...numbers, ...extra } });
  }
  return result;
}

function numbersAt(values: ArrayLike<number>, start: number): TensorStatistics {
  const [size, norm, mean, deviation, min, max, zeroFraction] = Array.from(
    { length: NUMBERS },
    (_, index) => values[start + index]!,
  ) as [number, number, number, number, number, number, number];
  return { size, norm, mean, deviation, min, max, zeroFraction };
}
