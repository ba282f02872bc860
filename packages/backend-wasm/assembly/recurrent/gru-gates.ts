import { tanh } from '../simd/exp';
import { put, sigmoidSlope, sumSigmoids, tanhSlope } from './rows';

// As in lstm-gates.ts: two vectors at a time, in a way that an engine can join.

/** The gates of one step of one example from the input's and the state's parts of their sums, and the state after it. `inner` takes the state's part of the candidate. */
export function gruForward(parts: usize, hz: usize, gates: usize, inner: usize, h: usize, next: usize, bytes: usize): void {
  const xh = parts + 2 * bytes, hh = hz + 2 * bytes, gr = gates + bytes, gg = gr + bytes;
  const one = f32x4.splat(1);
  sumSigmoids(parts, hz, gates, 2 * bytes);
  let j: usize = 0;
  for (; j + 32 <= bytes; j += 32) {
    const own = v128.load(hh + j), own2 = v128.load(hh + j, 16);
    const z = v128.load(gates + j), z2 = v128.load(gates + j, 16);
    const g = tanh(f32x4.add(v128.load(xh + j), f32x4.mul(v128.load(gr + j), own)));
    const g2 = tanh(f32x4.add(v128.load(xh + j, 16), f32x4.mul(v128.load(gr + j, 16), own2)));
    const y = f32x4.add(f32x4.mul(z, v128.load(h + j)), f32x4.mul(f32x4.sub(one, z), g));
    const y2 = f32x4.add(f32x4.mul(z2, v128.load(h + j, 16)), f32x4.mul(f32x4.sub(one, z2), g2));
    v128.store(gg + j, g2, 16); v128.store(gg + j, g);
    v128.store(inner + j, own2, 16); v128.store(inner + j, own);
    v128.store(next + j, y2, 16); v128.store(next + j, y);
  }
  for (; j < bytes; j += 16) {
    const own = v128.load(hh + j), z = v128.load(gates + j);
    const g = tanh(f32x4.add(v128.load(xh + j), f32x4.mul(v128.load(gr + j), own)));
    put(gg, j, bytes, g);
    put(inner, j, bytes, own);
    put(next, j, bytes, f32x4.add(f32x4.mul(z, v128.load(h + j)), f32x4.mul(f32x4.sub(one, z), g)));
  }
}

/**
 * The gradients by the input's (`dz`) and by the state's (`sz`) parts of the gates of one step of one example, from the one by its state; `dNow` becomes the one by the state
 * before it, but for the product of `sz`.
 */
export function gruBackward(dNow: usize, gz: usize, inner: usize, before: usize, dz: usize, sz: usize, bytes: usize): void {
  const gr = gz + bytes, gg = gr + bytes, dr = dz + bytes, dg = dr + bytes, sr = sz + bytes, sg = sr + bytes;
  const one = f32x4.splat(1);
  let j: usize = 0;
  for (; j + 32 <= bytes; j += 32) {
    const z = v128.load(gz + j), r = v128.load(gr + j), g = v128.load(gg + j), dy = v128.load(dNow + j);
    const z2 = v128.load(gz + j, 16), r2 = v128.load(gr + j, 16), g2 = v128.load(gg + j, 16), dy2 = v128.load(dNow + j, 16);
    const candidate = f32x4.mul(f32x4.mul(dy, f32x4.sub(one, z)), tanhSlope(g));
    const candidate2 = f32x4.mul(f32x4.mul(dy2, f32x4.sub(one, z2)), tanhSlope(g2));
    const update = f32x4.mul(f32x4.mul(dy, f32x4.sub(v128.load(before + j), g)), sigmoidSlope(z));
    const update2 = f32x4.mul(f32x4.mul(dy2, f32x4.sub(v128.load(before + j, 16), g2)), sigmoidSlope(z2));
    const reset = f32x4.mul(f32x4.mul(candidate, v128.load(inner + j)), sigmoidSlope(r));
    const reset2 = f32x4.mul(f32x4.mul(candidate2, v128.load(inner + j, 16)), sigmoidSlope(r2));
    v128.store(dz + j, update2, 16); v128.store(dz + j, update);
    v128.store(dr + j, reset2, 16); v128.store(dr + j, reset);
    v128.store(dg + j, candidate2, 16); v128.store(dg + j, candidate);
    v128.store(sz + j, update2, 16); v128.store(sz + j, update);
    v128.store(sr + j, reset2, 16); v128.store(sr + j, reset);
    v128.store(sg + j, f32x4.mul(candidate2, r2), 16); v128.store(sg + j, f32x4.mul(candidate, r));
    v128.store(dNow + j, f32x4.mul(dy2, z2), 16); v128.store(dNow + j, f32x4.mul(dy, z));
  }
  for (; j < bytes; j += 16) {
    const z = v128.load(gz + j), r = v128.load(gr + j), g = v128.load(gg + j), dy = v128.load(dNow + j);
    const candidate = f32x4.mul(f32x4.mul(dy, f32x4.sub(one, z)), tanhSlope(g));
    const update = f32x4.mul(f32x4.mul(dy, f32x4.sub(v128.load(before + j), g)), sigmoidSlope(z));
    const reset = f32x4.mul(f32x4.mul(candidate, v128.load(inner + j)), sigmoidSlope(r));
    put(dz, j, bytes, update);
    put(dr, j, bytes, reset);
    put(dg, j, bytes, candidate);
    put(sz, j, bytes, update);
    put(sr, j, bytes, reset);
    put(sg, j, bytes, f32x4.mul(candidate, r));
    put(dNow, j, bytes, f32x4.mul(dy, z));
  }
}
