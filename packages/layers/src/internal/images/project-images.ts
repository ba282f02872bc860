import { add, div, mul, neg, range, reshape, sub, cos, sin, type Tensor } from '@tensorflow/tfjs-core';
import { samplePixels, type Sampling } from './sample-pixels.js';

/** One number for all images, or one an image: `[batch, 1, 1]`. */
export type Entry = Tensor | number;

/**
 * Where the pixel at x, y of the output comes from: `((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k)` with `k = c0 x + c1 y + 1`, one transform an image.
 * c0 and c1 are 0 unless given.
 */
export interface Projection {
  readonly a: readonly [Entry, Entry, Entry];
  readonly b: readonly [Entry, Entry, Entry];
  readonly c?: readonly [Entry, Entry];
}

/** Images `[batch, height, width, channels]` seen through a transform each. */
export function projectImages(images: Tensor, { a, b, c }: Projection, sampling: Sampling): Tensor {
  const [, height, width] = images.shape as [number, number, number, number];
  const x = reshape(range(0, width, 1, 'float32'), [1, 1, width]);
  const y = reshape(range(0, height, 1, 'float32'), [1, height, 1]);
  const plane = ([alongX, alongY, constant]: readonly [Entry, Entry, Entry]): Tensor => {
    const parts = [times(x, alongX), times(y, alongY), constant].filter((part) => part !== 0);
    const [first, ...rest] = parts as [Entry, ...Entry[]];
    return rest.reduce<Tensor>((sum, part) => add(sum, part), first as Tensor);
  };
  if (c === undefined) return samplePixels(images, plane(b), plane(a), sampling);
  const depth = plane([...c, 1]);
  return samplePixels(images, div(plane(b), depth), div(plane(a), depth), sampling);
}

function times(x: Tensor, by: Entry): Entry {
  if (by === 0) return 0;
  return by === 1 ? x : mul(x, by);
}

/** Turns images `[batch, height, width, ...]` around their middle by angles in radians `[batch, 1, 1]`. */
export function rotation(angle: Tensor, height: number, width: number): Projection {
  const [sine, cosine] = [sin(angle), cos(angle)];
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  return {
    a: [cosine, neg(sine), sub(sub(x, mul(cosine, x)), mul(neg(sine), y))],
    b: [sine, cosine, sub(sub(y, mul(sine, x)), mul(cosine, y))],
  };
}

/** Moves images by pixels to the right and down. */
export function translation(right: Entry, down: Entry): Projection {
  const back = (by: Entry): Entry => (typeof by === 'number' ? 0 - by : neg(by));
  return { a: [1, 0, back(right)], b: [0, 1, back(down)] };
}

/** Shows so much of the images, in parts of their width and height, in the whole area: less than 1 enlarges. */
export function zoom(across: Tensor, down: Tensor, height: number, width: number): Projection {
  const offset = (part: Tensor, size: number): Tensor => mul(sub(1, part), (size - 1) / 2);
  return { a: [across, 0, offset(across, width)], b: [0, down, offset(down, height)] };
}

/** Slants images: a column's pixels move down by `down` times their column, a row's to the right by `across` times their row. */
export function shear(across: Entry, down: Entry): Projection {
  return { a: [1, across, 0], b: [down, 1, 0] };
}
