import { Fused, runFused } from '../fused/span';
import { gemm, gemmScratch } from '../gemm/gemm';
import { argument, setArgument } from '../pool/job';
import { sigmoid, tanh } from '../simd/exp';
import { addProduct, packMatrix, panelBytes, productScratch } from './product';
import { counts, endRow, firstRow, put, rowsPerUnit, setSizes, sigmoidSlope, stepCount, tanhSlope, unitCount, unitsOf } from './rows';

/** The bytes that one unit works in: the state's parts of all gates, and what the product needs. */
// @ts-ignore: decorator
@inline
function unitScratch(rows: i32, units: i32): usize { return productScratch(rows) + <usize>rows * <usize>(12 * units) + 16; }

/** The scratch space of `gru`, in bytes. */
export function gruScratch(batch: i32, steps: i32, features: i32, units: i32): usize {
  const own = panelBytes(units, 3 * units) + <usize>unitsOf(batch) * unitScratch(rowsPerUnit(batch), units);
  return max(gemmScratch(1, batch * steps, 3 * units, features, false), own);
}

/**
 * A GRU over sequences x [batch, steps, features], gates in the order z, r, candidate, the reset gate after the product; see `GradstreamGru`. `bias` is [2, 3 units]: one row for
 * the input, one for the state. `hs` takes all states or, where `sequences` is false, the last ones; `gates` [batch, steps, 3 units], `inner` (the state's part of the candidate)
 * and `before` [batch, steps, units] take what the gradient needs. `bias` and `mask` are 0 where there are none.
 */
export function gru(
  x: usize, kernel: usize, recurrent: usize, bias: usize, h: usize, mask: usize, hs: usize, gates: usize, inner: usize, before: usize,
  batch: i32, steps: i32, features: i32, units: i32, sequences: bool, scratch: usize,
): void {
  if (batch == 0) return;
  gemm(x, kernel, gates, 1, 0, 0, batch * steps, 3 * units, features, false, false, bias, false, scratch);
  packMatrix(recurrent, false, units, 3 * units, scratch);
  setSizes(batch, steps, units, mask);
  setArgument(0, <u32>h);
  setArgument(1, bias == 0 ? 0 : <u32>bias + 12 * units);
  setArgument(2, <u32>hs);
  setArgument(3, <u32>gates);
  setArgument(4, <u32>inner);
  setArgument(5, <u32>before);
  setArgument(8, sequences);
  setArgument(9, <u32>scratch);
  runFused(Fused.Gru, unitsOf(batch));
}

export function gruUnit(unit: i32): void {
  const units = unitCount(), steps = stepCount();
  const first = firstRow(unit), end = endRow(unit), rows = end - first;
  const bytes = units << 2, span = <usize>steps * bytes;
  const before = <usize>argument(5), bias = <usize>argument(1);
  const panels = <usize>argument(9);
  const parts = panels + panelBytes(<i32>units, 3 * <i32>units) + <usize>unit * unitScratch(rowsPerUnit(<i32>argument(30)), <i32>units);
  const scratch = parts + (<usize>rows * 3 * bytes + 15 & ~15);
  for (let r = first; r < end; r++) memory.copy(before + <usize>r * span, <usize>argument(0) + <usize>r * bytes, bytes);
  for (let t = 0; t < steps; t++) {
    for (let r: usize = 0; r < <usize>rows; r++) {
      if (bias == 0) memory.fill(parts + 3 * r * bytes, 0, 3 * bytes);
      else memory.copy(parts + 3 * r * bytes, bias, 3 * bytes);
    }
    const at = <usize>first * <usize>steps + <usize>t;
    addProduct(before + at * bytes, span, rows, <i32>units, panels, 3 * <i32>units, parts, 3 * bytes, scratch);
    for (let r = first; r < end; r++) step(r, t, steps, bytes, parts + <usize>(r - first) * 3 * bytes);
  }
}

/** The gates of one step of one example, and the state after it. */
function step(r: i32, t: i32, steps: i32, bytes: usize, parts: usize): void {
  const place = <usize>r * <usize>steps + <usize>t, at = place * bytes;
  const h = <usize>argument(5) + at;
  const last = t + 1 == steps;
  const all = argument(8) != 0;
  const out = all ? <usize>argument(2) + at : <usize>argument(2) + <usize>r * bytes;
  const next = last ? out : h + bytes;
  if (counts(place)) advance(<usize>argument(3) + 3 * at, parts, <usize>argument(4) + at, h, next, bytes);
  else memory.copy(next, h, bytes);
  if (all && !last) memory.copy(out, next, bytes);
}

function advance(xz: usize, hz: usize, inner: usize, h: usize, next: usize, bytes: usize): void {
  const xr = xz + bytes, xh = xr + bytes, hr = hz + bytes, hh = hr + bytes;
  const one = f32x4.splat(1);
  for (let j: usize = 0; j < bytes; j += 16) {
    // All three are read before any is written: the last vector of a gate reaches into the next one.
    const a = v128.load(xz + j), b = v128.load(xr + j), d = v128.load(xh + j), own = v128.load(hh + j);
    const z = sigmoid(f32x4.add(a, v128.load(hz + j))), r = sigmoid(f32x4.add(b, v128.load(hr + j)));
    const g = tanh(f32x4.add(d, f32x4.mul(r, own)));
    put(xz, j, bytes, z);
    put(xr, j, bytes, r);
    put(xh, j, bytes, g);
    put(inner, j, bytes, own);
    put(next, j, bytes, f32x4.add(f32x4.mul(z, v128.load(h + j)), f32x4.mul(f32x4.sub(one, z), g)));
  }
}

/** The scratch space of `gruGradient`, in bytes. */
export function gruGradientScratch(batch: i32, units: i32): usize {
  return panelBytes(3 * units, units) + <usize>unitsOf(batch) * productScratch(rowsPerUnit(batch));
}

/**
 * The gradients of `gru` by the input's and the state's parts of the gates, [batch, steps, 3 units] each, and by the first state; from those by all states or the last ones
 * (`sequences`). What is left are products with the inputs.
 */
export function gruGradient(
  dh: usize, gates: usize, inner: usize, before: usize, recurrent: usize, mask: usize, dInput: usize, dState: usize, dFirst: usize,
  batch: i32, steps: i32, units: i32, sequences: bool, scratch: usize,
): void {
  if (batch == 0) return;
  packMatrix(recurrent, true, 3 * units, units, scratch);
  setSizes(batch, steps, units, mask);
  setArgument(0, <u32>dh);
  setArgument(1, <u32>gates);
  setArgument(2, <u32>inner);
  setArgument(3, <u32>before);
  setArgument(4, <u32>dInput);
  setArgument(5, <u32>dState);
  setArgument(6, <u32>dFirst);
  setArgument(8, sequences);
  setArgument(9, <u32>scratch);
  runFused(Fused.GruGradient, unitsOf(batch));
}

export function gruGradientUnit(unit: i32): void {
  const units = unitCount(), steps = stepCount();
  const first = firstRow(unit), end = endRow(unit), rows = end - first;
  const bytes = units << 2, span = <usize>steps * bytes;
  const dState = <usize>argument(5), dFirst = <usize>argument(6);
  const panels = <usize>argument(9);
  const scratch = panels + panelBytes(3 * <i32>units, <i32>units) + <usize>unit * productScratch(rowsPerUnit(<i32>argument(30)));
  const own = <usize>first * bytes, all = <usize>rows * bytes;
  if (argument(8) != 0) memory.fill(dFirst + own, 0, all);
  else memory.copy(dFirst + own, <usize>argument(0) + own, all);
  for (let t = steps - 1; t >= 0; t--) {
    for (let r = first; r < end; r++) stepBack(r, <usize>r * <usize>steps + <usize>t, bytes);
    const at = <usize>first * <usize>steps + <usize>t;
    addProduct(dState + 3 * at * bytes, 3 * span, rows, 3 * <i32>units, panels, <i32>units, dFirst + own, bytes, scratch);
  }
}

function stepBack(r: i32, place: usize, bytes: usize): void {
  const at = place * bytes;
  const dNow = <usize>argument(6) + <usize>r * bytes;
  if (argument(8) != 0) {
    const dh = <usize>argument(0) + at;
    for (let j: usize = 0; j < bytes; j += 16) put(dNow, j, bytes, f32x4.add(v128.load(dNow + j), v128.load(dh + j)));
  }
  const dz = <usize>argument(4) + 3 * at, sz = <usize>argument(5) + 3 * at;
  if (!counts(place)) {
    memory.fill(dz, 0, 3 * bytes);
    memory.fill(sz, 0, 3 * bytes);
    return;
  }
  const gz = <usize>argument(1) + 3 * at, gr = gz + bytes, gg = gr + bytes;
  const inner = <usize>argument(2) + at, before = <usize>argument(3) + at;
  const one = f32x4.splat(1);
  for (let j: usize = 0; j < bytes; j += 16) {
    const z = v128.load(gz + j), r = v128.load(gr + j), g = v128.load(gg + j), dy = v128.load(dNow + j);
    const dCandidate = f32x4.mul(f32x4.mul(dy, f32x4.sub(one, z)), tanhSlope(g));
    const dUpdate = f32x4.mul(f32x4.mul(dy, f32x4.sub(v128.load(before + j), g)), sigmoidSlope(z));
    const dReset = f32x4.mul(f32x4.mul(dCandidate, v128.load(inner + j)), sigmoidSlope(r));
    put(dz, j, bytes, dUpdate);
    put(dz + bytes, j, bytes, dReset);
    put(dz + 2 * bytes, j, bytes, dCandidate);
    put(sz, j, bytes, dUpdate);
    put(sz + bytes, j, bytes, dReset);
    put(sz + 2 * bytes, j, bytes, f32x4.mul(dCandidate, r));
    put(dNow, j, bytes, f32x4.mul(dy, z));
  }
}
