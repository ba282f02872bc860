import { add, div, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Projection } from './project-images.js';

/** A corner's x and y, one an image: `[batch, 1, 1]`. */
export type Corner = readonly [Tensor, Tensor];

/**
 * The transform that shows images of this size with their corners moved: in the order of top left, top right, bottom left, bottom right.
 *
 * In closed form: the unit square's map to the four corners (Heckbert, Fundamentals of Texture Mapping, 1989, section 2.2.3), turned round and scaled. Four corners
 * of which three lie on a line have none: what comes out is not finite.
 */
export function homography(
  corners: readonly [Corner, Corner, Corner, Corner],
  height: number,
  width: number,
): Projection {
  const [[x0, y0], [x1, y1], [x3, y3], [x2, y2]] = corners;
  const cross = (a: Tensor, b: Tensor, c: Tensor, d: Tensor): Tensor => sub(mul(a, b), mul(c, d));
  const [dx1, dx2, dx3] = [sub(x1, x2), sub(x3, x2), add(sub(x0, x1), sub(x2, x3))];
  const [dy1, dy2, dy3] = [sub(y1, y2), sub(y3, y2), add(sub(y0, y1), sub(y2, y3))];
  const area = cross(dx1, dy2, dx2, dy1);
  const g = div(cross(dx3, dy2, dx2, dy3), area);
  const h = div(cross(dx1, dy3, dx3, dy1), area);
  const a = add(sub(x1, x0), mul(g, x1));
  const b = add(sub(x3, x0), mul(h, x3));
  const d = add(sub(y1, y0), mul(g, y1));
  const e = add(sub(y3, y0), mul(h, y3));
  // The adjugate of [[a, b, x0], [d, e, y0], [g, h, 1]], over its last entry.
  const last = cross(a, e, b, d);
  const over = (entry: Tensor, by = 1): Tensor => mul(div(entry, last), by);
  return {
    a: [over(sub(e, mul(y0, h)), width - 1), over(sub(mul(x0, h), b), width - 1), over(cross(b, y0, x0, e), width - 1)],
    b: [
      over(sub(mul(y0, g), d), height - 1),
      over(sub(a, mul(x0, g)), height - 1),
      over(cross(x0, d, a, y0), height - 1),
    ],
    c: [over(cross(d, h, e, g)), over(cross(b, g, a, h))],
  };
}
