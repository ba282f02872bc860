import { Fused, runFused } from '../fused/span';
import { argument, setArgument } from '../pool/job';

/** Elements a unit covers. */
const UNIT: usize = 16384;

// Each row is `width` elements, whole vectors; the last may be shorter. What is written beyond its end is the rest of its block of the heap.

// @ts-ignore: decorator
@inline
function run(kind: i32, width: usize): void {
  setArgument(9, <u32>width);
  const total = <usize>argument(8);
  if (total == 0) return;
  const span = max<usize>(1, UNIT / width) * width;
  setArgument(10, <u32>span);
  runFused(kind, <i32>((total + span - 1) / span));
}

/** y = (x - mean) * scale + offset, `total` elements in rows; mean, scale and offset are one row. */
export function affine(x: usize, y: usize, mean: usize, scale: usize, offset: usize, total: usize, width: usize): void {
  setArgument(0, <u32>x);
  setArgument(1, <u32>y);
  setArgument(2, <u32>mean);
  setArgument(3, <u32>scale);
  setArgument(4, <u32>offset);
  setArgument(8, <u32>total);
  run(Fused.Affine, width);
}

export function affineUnit(unit: i32): void {
  const mean = <usize>argument(2), scale = <usize>argument(3), offset = <usize>argument(4);
  const begin = (<usize>unit * argument(10)) << 2, end = min<usize>(begin + (argument(10) << 2), argument(8) << 2);
  const step = <usize>argument(9) << 2;
  for (let row = begin; row < end; row += step) {
    const x = argument(0) + row, y = argument(1) + row;
    const bytes = min(step, end - row);
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(y + i, f32x4.add(f32x4.mul(f32x4.sub(v128.load(x + i), v128.load(mean + i)), v128.load(scale + i)), v128.load(offset + i)));
    }
  }
}

/** dx = (dy - low - (x - mean) * slope) * scale, likewise. */
export function affineGradient(dy: usize, x: usize, dx: usize, mean: usize, scale: usize, low: usize, slope: usize, total: usize, width: usize): void {
  setArgument(0, <u32>x);
  setArgument(1, <u32>dx);
  setArgument(2, <u32>mean);
  setArgument(3, <u32>scale);
  setArgument(4, <u32>low);
  setArgument(5, <u32>slope);
  setArgument(6, <u32>dy);
  setArgument(8, <u32>total);
  run(Fused.AffineGradient, width);
}

export function affineGradientUnit(unit: i32): void {
  const mean = <usize>argument(2), scale = <usize>argument(3), low = <usize>argument(4), slope = <usize>argument(5);
  const begin = (<usize>unit * argument(10)) << 2, end = min<usize>(begin + (argument(10) << 2), argument(8) << 2);
  const step = <usize>argument(9) << 2;
  for (let row = begin; row < end; row += step) {
    const x = argument(0) + row, dx = argument(1) + row, dy = argument(6) + row;
    const bytes = min(step, end - row);
    for (let i: usize = 0; i < bytes; i += 16) {
      const d = f32x4.sub(v128.load(dy + i), v128.load(low + i));
      const away = f32x4.mul(f32x4.sub(v128.load(x + i), v128.load(mean + i)), v128.load(slope + i));
      v128.store(dx + i, f32x4.mul(f32x4.sub(d, away), v128.load(scale + i)));
    }
  }
}
