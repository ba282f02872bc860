import { checkNumber, describeShape, describeValue, GradstreamError } from '@gradstream/core';
import { Tensor } from '@tensorflow/tfjs-core';

/** One spatial dimension of a convolution, as its kernels need it. */
export interface SpatialAxis {
  /** Elements of the image along this dimension. */
  readonly size: number;
  /** Taps of the filter. */
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros before and after the image. */
  readonly before: number;
  readonly after: number;
  /** Elements of the result. */
  readonly outputSize: number;
}

/** A dimension of size 1 that a convolution leaves as it is. */
export const POINT: SpatialAxis = { size: 1, window: 1, stride: 1, dilation: 1, before: 0, after: 0, outputSize: 1 };

/** How far a filter reaches, its gaps included. */
export const reachOf = (window: number, dilation: number): number => (window - 1) * dilation + 1;

/** The same number for each of `rank` dimensions, or one number each. Throws `GS_OPTION_VALUE`. */
export function perAxis(
  where: string,
  name: string,
  value: number | readonly number[],
  rank: number,
  min: number,
): number[] {
  const check = (one: unknown): number => checkNumber(where, name, one, { integer: true, min });
  if (!Array.isArray(value)) return Array.from({ length: rank }, () => check(value));
  if (value.length === rank) return value.map(check);
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" does not fit the spatial dimensions`,
    expected: `one integer, or ${rank} of them`,
    received: describeValue(value),
    next: `Give one number for each of the ${rank} spatial dimensions.`,
  });
}

/** The number of spatial dimensions of [batch, ...spatial, channels], between 1 and `most`. Throws `GS_AUTODIFF_SHAPE`. */
export function spatialRank(where: string, x: Tensor, filter: Tensor, most: number): number {
  for (const [name, tensor] of Object.entries({ x, filter })) {
    if (tensor instanceof Tensor) continue;
    throw new GradstreamError('GS_OPTION_TYPE', {
      where,
      what: `"${name}" is no tensor`,
      expected: 'a tensor',
      received: describeValue(tensor),
      next: 'Make one with tf.tensor.',
    });
  }
  const rank = x.rank - 2;
  if (rank >= 1 && rank <= most && filter.rank === x.rank && filter.size > 0) return rank;
  throw misfit(
    where,
    x,
    filter,
    `x [batch, ...spatial, channels] of 1 to ${most} spatial dimensions, and a filter of as many`,
  );
}

/** The error for operands that do not fit together. */
export function misfit(where: string, x: Tensor, filter: Tensor, expected: string): GradstreamError {
  return new GradstreamError('GS_AUTODIFF_SHAPE', {
    where,
    what: 'The shapes do not fit together',
    expected,
    received: `x ${describeShape(x.shape)}, filter ${describeShape(filter.shape)}`,
    next: 'Channels come last; the filter has its spatial dimensions first.',
  });
}
