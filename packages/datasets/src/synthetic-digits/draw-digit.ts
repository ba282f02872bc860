import type { Stroke } from './digit-styles.js';
import type { Hand } from './hand.js';

/** Straight pieces between two points of a curve. */
const PIECES = 4;

/**
 * Draws strokes into a square of `size * size` coverages, 0 to 1, which has to be all 0 before: white on black, with soft edges a pixel wide.
 *
 * The digit's box takes the middle 5/7 of the square, as the 20 of 28 pixels of MNIST.
 */
export function drawDigit(coverage: Float32Array, size: number, strokes: readonly Stroke[], hand: Hand): void {
  const pixels = (size * 5) / 700;
  const margin = size / 7;
  const [startWidth, endWidth] = hand.halfWidths;
  for (const stroke of strokes) {
    const points = curve(stroke);
    const last = points.length / 2 - 1;
    let [x, y] = hand.place(points[0]!, points[1]!);
    for (let i = 1; i <= last; i++) {
      const [nextX, nextY] = hand.place(points[i * 2]!, points[i * 2 + 1]!);
      const halfWidth = (startWidth + ((endWidth - startWidth) * i) / last) * pixels;
      const from = [margin + x * pixels, margin + y * pixels] as const;
      drawPiece(coverage, size, from, [margin + nextX * pixels, margin + nextY * pixels], halfWidth);
      [x, y] = [nextX, nextY];
    }
  }
}

/** Points along a Catmull-Rom spline through the stroke's points; a straight line is cut into pieces as well, so that it can bend. */
function curve(stroke: Stroke): number[] {
  const count = stroke.length / 2;
  const points = [stroke[0]!, stroke[1]!];
  const at = (index: number, axis: number): number => stroke[Math.min(Math.max(index, 0), count - 1) * 2 + axis]!;
  for (let i = 0; i < count - 1; i++) {
    for (let piece = 1; piece <= PIECES; piece++) {
      const u = piece / PIECES;
      for (const axis of [0, 1]) {
        const [a, b, c, d] = [at(i - 1, axis), at(i, axis), at(i + 1, axis), at(i + 2, axis)];
        points.push(b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a))));
      }
    }
  }
  return points;
}

type Point = readonly [x: number, y: number];

/** Covers the pixels near a straight piece: `clamp(halfWidth - distance + 1/2)` of the pixel's middle, the larger one where pieces overlap. */
function drawPiece(coverage: Float32Array, size: number, [x0, y0]: Point, [x1, y1]: Point, halfWidth: number): void {
  const reach = halfWidth + 0.5;
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const right = Math.min(size - 1, Math.ceil(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const bottom = Math.min(size - 1, Math.ceil(Math.max(y0, y1) + reach));
  const [lengthX, lengthY] = [x1 - x0, y1 - y0];
  const lengthSquared = lengthX * lengthX + lengthY * lengthY || 1;
  for (let row = top; row <= bottom; row++) {
    const py = row + 0.5 - y0;
    for (let column = left; column <= right; column++) {
      const px = column + 0.5 - x0;
      const along = Math.min(1, Math.max(0, (px * lengthX + py * lengthY) / lengthSquared));
      const dx = px - along * lengthX;
      const dy = py - along * lengthY;
      const distanceSquared = dx * dx + dy * dy;
      if (distanceSquared >= reach * reach) continue;
      const cover = Math.min(1, reach - Math.sqrt(distanceSquared));
      const index = row * size + column;
      if (cover > coverage[index]!) coverage[index] = cover;
    }
  }
}
