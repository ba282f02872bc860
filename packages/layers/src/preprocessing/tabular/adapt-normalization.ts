import { describeShape, GradstreamError, type HostArray } from '@gradstream/core';
import { checkAxes, keptAxes } from '../../internal/kept-axes.js';
import { hostBatches, type AdaptData } from '../../internal/host-batches.js';
import type { NestedNumbers } from '../../internal/nested-numbers.js';
import type { Layer } from '../../layer.js';
import { normalization, type NormalizationOptions } from './normalization.js';

/**
 * The `normalization` of data: goes through it once, on the host, and gives the layer with the mean and variance of each place of the axes.
 *
 * Batches may have any sizes: their statistics are joined by counts (Chan, Golub and LeVeque, 1979), in float64; the variance is that of the population, as in
 * Keras' `adapt`. Throws `GS_LAYER_ADAPT` for data that is none, differs in shape from batch to batch, or holds numbers that are not finite.
 */
export async function adaptNormalization(
  data: AdaptData,
  options: Omit<NormalizationOptions, 'mean' | 'variance'> = {},
): Promise<Layer> {
  const where = 'layers/adaptNormalization';
  normalization(options);
  const axes = checkAxes(where, options.axis === undefined ? -1 : options.axis);
  let total: Moments | undefined;
  for await (const batch of hostBatches(where, data)) {
    const moments = momentsOf(where, batch, axes);
    if (total !== undefined && JSON.stringify(total.sizes) !== JSON.stringify(moments.sizes))
      throw refused(where, 'A batch has another shape than those before', `places [${total.sizes.join(', ')}]`, batch);
    total = total === undefined ? moments : joined(total, moments);
  }
  const { sizes, mean, squares, count } = total!;
  const variance = squares.map((sum) => sum / count);
  return normalization({ ...options, mean: nested([...mean], sizes), variance: nested([...variance], sizes) });
}

/** Count, means and sums of squared distances from them, for each place of the axes. */
interface Moments {
  readonly sizes: readonly number[];
  readonly count: number;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

function momentsOf(where: string, batch: HostArray, axes: readonly number[]): Moments {
  const { shape, values } = batch;
  const kept = keptAxes('adaptNormalization', axes, shape);
  const sizes = kept.map((axis) => shape[axis]!);
  const places = sizes.reduce((product, size) => product * size, 1);
  const count = values.length / places;
  if (values.length === 0) throw refused(where, 'A batch is empty', 'at least one example', batch);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const place = (index: number): number =>
    kept.reduce((sum, axis) => sum * shape[axis]! + (Math.floor(index / strides[axis]!) % shape[axis]!), 0);
  const mean = new Float64Array(places);
  const squares = new Float64Array(places);
  for (let i = 0; i < values.length; i++) mean[place(i)]! += values[i]! / count;
  if (mean.some((value) => !Number.isFinite(value)))
    throw refused(where, 'A batch holds numbers that are not finite', 'finite numbers', batch);
  for (let i = 0; i < values.length; i++) squares[place(i)]! += (values[i]! - mean[place(i)]!) ** 2;
  return { sizes, count, mean, squares };
}

function joined(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  const mean = a.mean.map((value, place) => value + ((b.mean[place]! - value) * b.count) / count);
  const squares = a.squares.map(
    (sum, place) => sum + b.squares[place]! + ((b.mean[place]! - a.mean[place]!) ** 2 * a.count * b.count) / count,
  );
  return { sizes: a.sizes, count, mean, squares };
}

function nested(values: readonly number[], sizes: readonly number[]): NestedNumbers {
  const [size, ...rest] = sizes;
  if (size === undefined) return values[0]!;
  const each = values.length / size;
  return Array.from({ length: size }, (_, index) => nested(values.slice(index * each, (index + 1) * each), rest));
}

function refused(where: string, what: string, expected: string, { shape }: HostArray): GradstreamError {
  const next = 'Give batches of one shape, apart from their number of examples, of finite numbers.';
  return new GradstreamError('GS_LAYER_ADAPT', { where, what, expected, received: describeShape(shape), next });
}
