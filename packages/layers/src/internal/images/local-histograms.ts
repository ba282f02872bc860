import {
  add,
  cast,
  clipByValue,
  cumsum,
  div,
  equal,
  gather,
  min,
  minimum,
  mul,
  range,
  reshape,
  scalar,
  slice,
  sub,
  sum,
  tensor,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { countNumbers } from './histogram.js';

/** How a dimension is cut into tiles, padded by its mirror image at the end: all that follows from its size. */
interface Tiling {
  readonly count: number;
  readonly size: number;
  /** The pixel that stands at each place of the padded dimension. */
  readonly source: Int32Array;
  readonly tile: Int32Array;
  /** The tiles before and behind each place whose tables are mixed, and the share of the second. */
  readonly before: Int32Array;
  readonly behind: Int32Array;
  readonly share: Float32Array;
}

function tiling(length: number, count: number): Tiling {
  const size = Math.ceil(length / count);
  const places = Int32Array.from({ length: size * count }, (_, index) => index);
  const nearest = (tile: number): number => Math.min(Math.max(tile, 0), count - 1);
  const middle = (place: number): number => (place - size / 2) / size;
  return {
    count,
    size,
    source: places.map((place) => {
      const around = place % (2 * length);
      return around < length ? around : 2 * length - 1 - around;
    }),
    tile: places.map((place) => Math.floor(place / size)),
    before: places.map((place) => nearest(Math.floor(middle(place)))),
    behind: places.map((place) => nearest(Math.floor(middle(place)) + 1)),
    share: Float32Array.from(places, (place) => middle(place) - Math.floor(middle(place))),
  };
}

/** Bytes of images, equalized tile by tile with limited slopes; between the middles of tiles, tables are mixed. A limit of 0 is none. */
export function equalizeTiles(x: Tensor, [rows, columns]: readonly [number, number], clipLimit: number): Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [down, across] = [tiling(height, rows), tiling(width, columns)];
  const padded = gather(
    gather(x, tensor(down.source, undefined, 'int32'), 1),
    tensor(across.source, undefined, 'int32'),
    2,
  );
  const bytes = cast(clipByValue(padded, 0, 255), 'int32');
  const times = (a: Tensor, by: number): Tensor => mul(a, scalar(by, 'int32'));
  const numbers = (count: number, shape: number[]): Tensor => reshape(range(0, count, 1, 'int32'), shape);
  const own = add(
    add(bytes, times(numbers(channels, [1, 1, 1, channels]), 256)),
    times(numbers(batch, [batch, 1, 1, 1]), rows * columns * channels * 256),
  );
  const place = (row: Int32Array, column: Int32Array): Tensor =>
    add(
      add(own, times(tensor(row, [1, row.length, 1, 1], 'int32'), columns * channels * 256)),
      times(tensor(column, [1, 1, column.length, 1], 'int32'), channels * 256),
    );
  const tables = batch * rows * columns * channels;
  const counts = reshape(countNumbers(place(down.tile, across.tile), tables * 256), [tables, 256]);
  const values = reshape(lookup(counts, down.size * across.size, clipLimit), [tables * 256]);
  const read = (row: Int32Array, column: Int32Array): Tensor =>
    reshape(gather(values, reshape(place(row, column), [-1])), padded.shape);
  const share = tensor(across.share, [1, 1, across.share.length, 1]);
  const mixed = (row: Int32Array): Tensor => mix(read(row, across.before), read(row, across.behind), share);
  const all = mix(mixed(down.before), mixed(down.behind), tensor(down.share, [1, down.share.length, 1, 1]));
  return slice(all, [0, 0, 0, 0], [batch, height, width, channels]);
}

/** What each byte of a tile becomes, by how often each is there: counts above the limit are spread over all. */
function lookup(counts: Tensor, area: number, clipLimit: number): Tensor {
  const limited = clipLimit > 0 ? minimum(counts, (clipLimit * area) / 256) : counts;
  const spread = div(sum(sub(counts, limited), 1, true), 256);
  const upTo = cumsum(add(limited, spread), 1);
  const least = min(upTo, 1, true);
  // A tile of one byte alone, the smallest: no other is looked up.
  const rest = sub(area, least);
  return clipByValue(div(mul(sub(upTo, least), 255), where(equal(rest, 0), 1, rest)), 0, 255);
}

const mix = (a: Tensor, b: Tensor, share: Tensor): Tensor => add(mul(a, sub(1, share)), mul(b, share));
