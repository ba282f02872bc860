import { affine, affineGradient } from './affine';
import { columnMoments, columnProducts, partsBytes, rowsPerUnit } from './columns';

/** Rows are repeated until they are whole vectors and this wide. */
const NARROWEST: usize = 16;

/** How wide the rows are that `channels` columns are read as: a multiple of theirs. */
// @ts-ignore: decorator
@inline
function widthOf(channels: usize): usize {
  let width = channels;
  while (width < NARROWEST || (width & 3) != 0) width += channels;
  return width;
}

/** Repeats `channels` numbers over a row of `width`. */
function spread(from: usize, to: usize, channels: usize, width: usize): void {
  for (let i: usize = 0; i < width; i += channels) memory.copy(to + (i << 2), from, channels << 2);
}

/** `scratch` for the three functions below: four rows of numbers and what the units leave. */
export function batchNormScratch(rows: usize, channels: usize): usize {
  if (channels == 0) return 0;
  const width = widthOf(channels);
  return (width << 2) * 4 + partsBytes(rows * channels / width, width) + 64;
}

/**
 * y = (x - mean) * scale / sqrt(variance + epsilon) + offset for `rows` rows of `channels`; all parameters are `channels` numbers.
 */
export function fusedBatchNorm(x: usize, mean: usize, variance: usize, scale: usize, offset: usize, y: usize, rows: usize, channels: usize, epsilon: f32, scratch: usize): void {
  if (rows == 0 || channels == 0) return;
  const width = widthOf(channels);
  const row = width << 2;
  for (let c: usize = 0; c < channels; c++) {
    const at = scratch + row + (c << 2);
    store<f32>(at, load<f32>(scale + (c << 2)) / sqrt<f32>(load<f32>(variance + (c << 2)) + epsilon));
  }
  spread(mean, scratch, channels, width);
  spread(scratch + row, scratch + row, channels, width);
  spread(offset, scratch + 2 * row, channels, width);
  affine(x, y, scratch, scratch + row, scratch + 2 * row, rows * channels, width);
}

/** The same with the mean and the variance (divided by the number of rows) of x itself, which it writes. Two passes over x. */
export function batchNorm(x: usize, scale: usize, offset: usize, y: usize, mean: usize, variance: usize, rows: usize, channels: usize, epsilon: f32, scratch: usize): void {
  if (channels == 0) return;
  const width = widthOf(channels);
  const parts = scratch + (width << 2) * 4;
  const long = rows * channels / width;
  columnMoments(x, long, width, parts);
  for (let c: usize = 0; c < channels; c++) joinMoments(x, parts, long, width, c, rows, channels, mean, variance);
  fusedBatchNorm(x, mean, variance, scale, offset, y, rows, channels, epsilon, scratch);
}

/** Mean and variance of column c from what the units left and from the rows that no long row covers, in order. Source: Chan, Golub, LeVeque, 1979. */
function joinMoments(x: usize, parts: usize, long: usize, width: usize, c: usize, rows: usize, channels: usize, mean: usize, variance: usize): void {
  const perUnit = rowsPerUnit(width);
  let count: f64 = 0, centre: f64 = 0, distance: f64 = 0;
  for (let first: usize = 0, part = parts; first < long; first += perUnit, part += width << 3) {
    const size = <f64>min(perUnit, long - first);
    for (let i = c; i < width; i += channels) {
      const at = part + (i << 2);
      const gap = <f64>load<f32>(at) - centre;
      const whole = count + size;
      centre += gap * size / whole;
      distance += <f64>load<f32>(at + (width << 2)) + gap * gap * count * size / whole;
      count = whole;
    }
  }
  for (let i = long * width + c, end = rows * channels; i < end; i += channels) {
    const gap = <f64>load<f32>(x + (i << 2)) - centre;
    count += 1;
    centre += gap / count;
    distance += gap * gap * (count - 1) / count;
  }
  store<f32>(mean + (c << 2), rows > 0 ? <f32>centre : NaN);
  store<f32>(variance + (c << 2), <f32>(distance / count));
}

/** Running statistics of n channels after a batch: before * kept + value * taken. */
export function moveStatistics(before: usize, value: usize, to: usize, n: usize, kept: f32, taken: f32): void {
  for (let at: usize = 0; at < n << 2; at += 4) store<f32>(to + at, load<f32>(before + at) * kept + load<f32>(value + at) * taken);
}

/**
 * The gradients of `batchNorm` by x, scale and offset, from x and the mean and variance that it gave. Two passes over x and dy.
 */
export function batchNormGradient(
  dy: usize, x: usize, mean: usize, variance: usize, scale: usize, dx: usize, dScale: usize, dOffset: usize, rows: usize, channels: usize, epsilon: f32, scratch: usize,
): void {
  if (channels == 0) return;
  const width = widthOf(channels);
  const row = width << 2;
  const parts = scratch + row * 4;
  const long = rows * channels / width;
  const perUnit = rowsPerUnit(width);
  const means = scratch, scales = scratch + row, lows = scratch + 2 * row, slopes = scratch + 3 * row;
  spread(mean, means, channels, width);
  columnProducts(dy, x, means, long, width, parts);
  for (let c: usize = 0; c < channels; c++) {
    let sum: f64 = 0, product: f64 = 0;
    for (let first: usize = 0, part = parts; first < long; first += perUnit, part += row << 1) {
      for (let i = c; i < width; i += channels) {
        sum += <f64>load<f32>(part + (i << 2));
        product += <f64>load<f32>(part + (i << 2) + row);
      }
    }
    const centre = load<f32>(mean + (c << 2));
    for (let i = long * width + c, end = rows * channels; i < end; i += channels) {
      const d = load<f32>(dy + (i << 2));
      sum += <f64>d;
      product += <f64>d * <f64>(load<f32>(x + (i << 2)) - centre);
    }
    const inverse = 1 / sqrt<f64>(<f64>(load<f32>(variance + (c << 2)) + epsilon));
    store<f32>(dOffset + (c << 2), <f32>sum);
    store<f32>(dScale + (c << 2), <f32>(product * inverse));
    store<f32>(scales + (c << 2), <f32>(<f64>load<f32>(scale + (c << 2)) * inverse));
    store<f32>(lows + (c << 2), <f32>(sum / <f64>rows));
    store<f32>(slopes + (c << 2), <f32>(product * inverse * inverse / <f64>rows));
  }
  spread(scales, scales, channels, width);
  spread(lows, lows, channels, width);
  spread(slopes, slopes, channels, width);
  affineGradient(dy, x, dx, means, scales, lows, slopes, rows * channels, width);
}
