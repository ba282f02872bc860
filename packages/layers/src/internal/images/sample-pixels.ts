import { mapCoordinate } from '@gradstream/autodiff';
import {
  add,
  abs,
  cast,
  clipByValue,
  concat,
  fill,
  floor,
  gather,
  greaterEqual,
  lessEqual,
  logicalAnd,
  mul,
  range,
  reshape,
  scalar,
  sign,
  sub,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** How pixels at other places are found. */
export interface Sampling {
  /** The nearest pixel, or a mean of the four around the place. */
  readonly interpolation: 'nearest' | 'bilinear';
  /** How an image continues beyond its edges. */
  readonly fillMode: 'constant' | 'nearest' | 'reflect' | 'wrap';
  /** What lies beyond the edges for `constant`. */
  readonly fillValue: number;
}

/** Pixels along one dimension: their numbers (int32), whether they lie inside, and their weight where there is one. */
interface Line {
  readonly index: Tensor;
  readonly inside: Tensor;
  readonly weight?: Tensor;
}

/**
 * The pixels of images `[batch, height, width, channels]` at given rows and columns: float32 of shapes that spread to `[batch, height, width]` of the output.
 *
 * The same numbers as TensorFlow's ImageProjectiveTransformV3, of gathered pixels: any backend has it, with its gradient for the images.
 */
export function samplePixels(images: Tensor, rows: Tensor, columns: Tensor, sampling: Sampling): Tensor {
  const { interpolation, fillMode, fillValue } = sampling;
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const count = batch * height * width;
  const constant = fillMode === 'constant';
  const flat = reshape(images, [count, channels]);
  // What lies outside is one more pixel, behind the others.
  const pixels = constant ? concat([flat, fill([1, channels], fillValue)]) : flat;
  const first = reshape(range(0, count, height * width, 'int32'), [batch, 1, 1]);
  const lines = interpolation === 'nearest' ? nearest : between;
  const across = lines(mapCoordinate(columns, width, fillMode), width);
  const down = lines(mapCoordinate(rows, height, fillMode), height).map((line) => ({
    ...line,
    index: add(first, mul(line.index, scalar(width, 'int32'))),
  }));
  const read = (row: Line, column: Line): Tensor => {
    const index = add(row.index, column.index);
    const place = constant ? where(logicalAnd(row.inside, column.inside), index, scalar(count, 'int32')) : index;
    return reshape(gather(pixels, reshape(place, [-1])), [...place.shape, channels]);
  };
  const inRow = (row: Line): Tensor =>
    across.map((column) => weighted(read(row, column), column.weight)).reduce((sum, part) => add(sum, part));
  return down.map((row) => weighted(inRow(row), row.weight)).reduce((sum, part) => add(sum, part));
}

function weighted(x: Tensor, weight: Tensor | undefined): Tensor {
  return weight === undefined ? x : mul(x, reshape(weight, [...weight.shape, 1]));
}

/** The nearest pixel: halves go away from zero. */
function nearest(at: Tensor, size: number): readonly Line[] {
  return [lineAt(mul(sign(at), floor(add(abs(at), 0.5))), size)];
}

/** The pixels before and behind a place. */
function between(at: Tensor, size: number): readonly Line[] {
  const before = floor(at);
  const weight = sub(at, before);
  return [
    { ...lineAt(before, size), weight: sub(1, weight) },
    { ...lineAt(add(before, 1), size), weight },
  ];
}

function lineAt(whole: Tensor, size: number): Line {
  return {
    index: cast(clipByValue(whole, 0, size - 1), 'int32'),
    inside: logicalAnd(greaterEqual(whole, 0), lessEqual(whole, size - 1)),
  };
}
