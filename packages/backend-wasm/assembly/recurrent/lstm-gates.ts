import { tanh } from '../simd/exp';
import { put, sigmoidSlope, sigmoids, tanhSlope } from './rows';

// Rows of `bytes` bytes, two vectors at a time: both are computed before either is stored, and the second is stored first. So an engine can join them.

/** The gates of one step of one example from their sums `parts`, and the states after it from the cell `c` before. */
export function lstmForward(parts: usize, zi: usize, c: usize, squashed: usize, nextH: usize, nextC: usize, bytes: usize): void {
  const zf = zi + bytes, zg = zf + bytes, zo = zg + bytes;
  const pg = parts + 2 * bytes;
  sigmoids(parts, zi, 2 * bytes);
  sigmoids(pg + bytes, zo, bytes);
  let j: usize = 0;
  for (; j + 32 <= bytes; j += 32) {
    const g = tanh(v128.load(pg + j)), g2 = tanh(v128.load(pg + j, 16));
    const cell = f32x4.add(f32x4.mul(v128.load(zf + j), v128.load(c + j)), f32x4.mul(v128.load(zi + j), g));
    const cell2 = f32x4.add(f32x4.mul(v128.load(zf + j, 16), v128.load(c + j, 16)), f32x4.mul(v128.load(zi + j, 16), g2));
    const size = tanh(cell), size2 = tanh(cell2);
    const h = f32x4.mul(v128.load(zo + j), size), h2 = f32x4.mul(v128.load(zo + j, 16), size2);
    v128.store(zg + j, g2, 16); v128.store(zg + j, g);
    v128.store(squashed + j, size2, 16); v128.store(squashed + j, size);
    v128.store(nextC + j, cell2, 16); v128.store(nextC + j, cell);
    v128.store(nextH + j, h2, 16); v128.store(nextH + j, h);
  }
  for (; j < bytes; j += 16) {
    const g = tanh(v128.load(pg + j));
    const cell = f32x4.add(f32x4.mul(v128.load(zf + j), v128.load(c + j)), f32x4.mul(v128.load(zi + j), g));
    const size = tanh(cell);
    put(zg, j, bytes, g);
    put(squashed, j, bytes, size);
    put(nextC, j, bytes, cell);
    put(nextH, j, bytes, f32x4.mul(v128.load(zo + j), size));
  }
}

/**
 * The gradients by the gates before their activations of one step of one example, and by the cell before it, from those by its states. `dState` is 0 then: what goes on
 * to the step before is the product of `dz` alone.
 */
export function lstmBackward(dState: usize, dCell: usize, gi: usize, cells: usize, squashed: usize, dz: usize, bytes: usize): void {
  const gf = gi + bytes, gg = gf + bytes, go = gg + bytes;
  const df = dz + bytes, dg = df + bytes, dout = dg + bytes;
  const zero = f32x4.splat(0);
  let j: usize = 0;
  for (; j + 32 <= bytes; j += 32) {
    const i = v128.load(gi + j), f = v128.load(gf + j), g = v128.load(gg + j), o = v128.load(go + j);
    const i2 = v128.load(gi + j, 16), f2 = v128.load(gf + j, 16), g2 = v128.load(gg + j, 16), o2 = v128.load(go + j, 16);
    const size = v128.load(squashed + j), size2 = v128.load(squashed + j, 16), dy = v128.load(dState + j), dy2 = v128.load(dState + j, 16);
    const c = v128.load(cells + j), c2 = v128.load(cells + j, 16);
    const d = f32x4.add(v128.load(dCell + j), f32x4.mul(f32x4.mul(dy, o), tanhSlope(size)));
    const d2 = f32x4.add(v128.load(dCell + j, 16), f32x4.mul(f32x4.mul(dy2, o2), tanhSlope(size2)));
    v128.store(dz + j, f32x4.mul(f32x4.mul(d2, g2), sigmoidSlope(i2)), 16);
    v128.store(dz + j, f32x4.mul(f32x4.mul(d, g), sigmoidSlope(i)));
    v128.store(df + j, f32x4.mul(f32x4.mul(d2, c2), sigmoidSlope(f2)), 16);
    v128.store(df + j, f32x4.mul(f32x4.mul(d, c), sigmoidSlope(f)));
    v128.store(dg + j, f32x4.mul(f32x4.mul(d2, i2), tanhSlope(g2)), 16);
    v128.store(dg + j, f32x4.mul(f32x4.mul(d, i), tanhSlope(g)));
    v128.store(dout + j, f32x4.mul(f32x4.mul(dy2, size2), sigmoidSlope(o2)), 16);
    v128.store(dout + j, f32x4.mul(f32x4.mul(dy, size), sigmoidSlope(o)));
    v128.store(dCell + j, f32x4.mul(d2, f2), 16); v128.store(dCell + j, f32x4.mul(d, f));
    v128.store(dState + j, zero, 16); v128.store(dState + j, zero);
  }
  for (; j < bytes; j += 16) {
    const i = v128.load(gi + j), f = v128.load(gf + j), g = v128.load(gg + j), o = v128.load(go + j);
    const size = v128.load(squashed + j), dy = v128.load(dState + j);
    const d = f32x4.add(v128.load(dCell + j), f32x4.mul(f32x4.mul(dy, o), tanhSlope(size)));
    put(dz, j, bytes, f32x4.mul(f32x4.mul(d, g), sigmoidSlope(i)));
    put(df, j, bytes, f32x4.mul(f32x4.mul(d, v128.load(cells + j)), sigmoidSlope(f)));
    put(dg, j, bytes, f32x4.mul(f32x4.mul(d, i), tanhSlope(g)));
    put(dout, j, bytes, f32x4.mul(f32x4.mul(dy, size), sigmoidSlope(o)));
    put(dCell, j, bytes, f32x4.mul(d, f));
    put(dState, j, bytes, zero);
  }
}
