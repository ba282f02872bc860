import { Job, argument, floatArgument, lanes, setArgument, setFloatArgument } from '../pool/job';
import { parallel } from '../pool/parallel';

/** Bytes of each operand that one unit of work covers when there are threads. */
const UNIT_BYTES: usize = 32768;

function run(m: usize, v: usize, g: usize, newM: usize, newV: usize, direction: usize, bytes: usize, decay1: f32, decay2: f32, offset: f32): void {
  const first = f32x4.splat(decay1), second = f32x4.splat(decay2), added = f32x4.splat(offset);
  for (let i: usize = 0; i < bytes; i += 16) {
    const gradient = v128.load(g + i);
    const mean = f32x4.add(f32x4.mul(v128.load(m + i), first), gradient);
    const square = f32x4.add(f32x4.mul(v128.load(v + i), second), f32x4.mul(gradient, gradient));
    v128.store(newM + i, mean);
    v128.store(newV + i, square);
    v128.store(direction + i, f32x4.div(mean, f32x4.add(f32x4.sqrt(square), added)));
  }
}

/**
 * One pass of Adam over n values: newM = m * decay1 + g, newV = v * decay2 + g^2, direction = newM / (sqrt(newV) + offset). The bits are those of single
 * kernels in this order. newM may be m and newV may be v.
 */
export function adam(m: usize, v: usize, g: usize, newM: usize, newV: usize, direction: usize, n: usize, decay1: f32, decay2: f32, offset: f32): void {
  const bytes = n << 2;
  if (bytes <= UNIT_BYTES || lanes() == 1) {
    run(m, v, g, newM, newV, direction, bytes, decay1, decay2, offset);
    return;
  }
  setArgument(0, <u32>m);
  setArgument(1, <u32>v);
  setArgument(2, <u32>g);
  setArgument(3, <u32>newM);
  setArgument(4, <u32>newV);
  setArgument(5, <u32>direction);
  setArgument(6, <u32>bytes);
  setFloatArgument(7, decay1);
  setFloatArgument(8, decay2);
  setFloatArgument(9, offset);
  parallel(Job.Adam, <i32>((bytes + UNIT_BYTES - 1) / UNIT_BYTES));
}

export function adamUnit(unit: i32): void {
  const at = <usize>unit * UNIT_BYTES;
  const bytes = min(UNIT_BYTES, <usize>argument(6) - at);
  run(argument(0) + at, argument(1) + at, argument(2) + at, argument(3) + at, argument(4) + at, argument(5) + at, bytes, floatArgument(7), floatArgument(8), floatArgument(9));
}
