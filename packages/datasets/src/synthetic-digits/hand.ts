import type { RandomNumbers } from './random-numbers.js';

/** How one image is written: where each point of the digit's box goes, in percent, and how the pen draws. */
export interface Hand {
  place(x: number, y: number): readonly [x: number, y: number];
  /** Half the width of the line in percent of the box, at the start and at the end of a stroke. */
  readonly halfWidths: readonly [number, number];
  /** The brightness of the line, 0 to 255. */
  readonly ink: number;
  /** The largest deviation of a pixel, 0 to 255. */
  readonly grain: number;
}

/** Points of the grid of shifts, in each direction. */
const GRID = 4;

/**
 * A random hand: a smooth random shift of the paper, then scale, shear, rotation and translation about the middle of the box.
 *
 * Only the four operations and the square root are used, which every engine computes alike: the same seed gives the same pixels everywhere.
 */
export function randomHand(random: RandomNumbers): Hand {
  const wobble = random.between(1, 7);
  const shifts = Array.from({ length: GRID * GRID * 2 }, () => random.between(-wobble, wobble));
  const scaleX = random.between(0.75, 1.2);
  const scaleY = random.between(0.85, 1.15);
  const shear = random.between(-0.1, 0.4);
  // By the half angle: cos = (1 - t^2) / (1 + t^2), sin = 2 t / (1 + t^2). t = 0.12 is 14 degrees.
  const t = random.between(-0.12, 0.12);
  const cosine = (1 - t * t) / (1 + t * t);
  const sine = (2 * t) / (1 + t * t);
  const moveX = random.between(-8, 8);
  const moveY = random.between(-8, 8);
  const width = random.between(3.2, 7.5);
  return {
    halfWidths: [width * random.between(0.85, 1.15), width * random.between(0.7, 1.15)],
    ink: random.between(205, 255),
    grain: random.between(4, 28),
    place(x, y) {
      const dx = (x + shiftAt(shifts, x, y, 0) - 50) * scaleX;
      const dy = (y + shiftAt(shifts, x, y, 1) - 50) * scaleY;
      const sheared = dx - shear * dy;
      return [50 + sheared * cosine - dy * sine + moveX, 50 + sheared * sine + dy * cosine + moveY];
    },
  };
}

/** The shift at a point, blended from the four grid points around it with the smooth step 3 u^2 - 2 u^3. */
function shiftAt(shifts: readonly number[], x: number, y: number, axis: 0 | 1): number {
  const [column, u] = cell(x);
  const [row, v] = cell(y);
  const at = (r: number, c: number): number => shifts[((row + r) * GRID + column + c) * 2 + axis]!;
  return (at(0, 0) * (1 - u) + at(0, 1) * u) * (1 - v) + (at(1, 0) * (1 - u) + at(1, 1) * u) * v;
}

function cell(position: number): readonly [index: number, blend: number] {
  const scaled = Math.min(Math.max((position / 100) * (GRID - 1), 0), GRID - 1.000001);
  const index = Math.floor(scaled);
  const u = scaled - index;
  return [index, u * u * (3 - 2 * u)];
}
