import { Fused, runFused } from '../fused/span';
import { gemm, gemmScratch } from '../gemm/gemm';
import { argument, setArgument } from '../pool/job';
import { sigmoid, tanh } from '../simd/exp';
import { addProduct, packMatrix, panelBytes, productScratch } from './product';
import { counts, endRow, firstRow, put, rowsPerUnit, setSizes, sigmoidSlope, stepCount, tanhSlope, unitCount, unitsOf } from './rows';

/** The scratch space of `lstm`, in bytes. */
export function lstmScratch(batch: i32, steps: i32, features: i32, units: i32): usize {
  const own = panelBytes(units, 4 * units) + <usize>unitsOf(batch) * productScratch(rowsPerUnit(batch));
  return max(gemmScratch(1, batch * steps, 4 * units, features, false), own);
}

/**
 * An LSTM over sequences x [batch, steps, features], gates in the order i, f, g, o; see `GradstreamLstm`. `hs` takes all states or, where `sequences` is false, the last ones;
 * `gates`, `before`, `cells` and `squashed` take what the gradient needs, each [batch, steps, ...]. `bias` and `mask` are 0 where there are none.
 */
export function lstm(
  x: usize, kernel: usize, recurrent: usize, bias: usize, h: usize, c: usize, mask: usize, hs: usize, cs: usize, gates: usize, before: usize, cells: usize, squashed: usize,
  batch: i32, steps: i32, features: i32, units: i32, sequences: bool, scratch: usize,
): void {
  if (batch == 0) return;
  gemm(x, kernel, gates, 1, 0, 0, batch * steps, 4 * units, features, false, false, bias, false, scratch);
  packMatrix(recurrent, false, units, 4 * units, scratch);
  setSizes(batch, steps, units, mask);
  setArgument(0, <u32>h);
  setArgument(1, <u32>c);
  setArgument(2, <u32>hs);
  setArgument(3, <u32>cs);
  setArgument(4, <u32>gates);
  setArgument(5, <u32>before);
  setArgument(6, <u32>cells);
  setArgument(7, <u32>squashed);
  setArgument(8, sequences);
  setArgument(9, <u32>scratch);
  runFused(Fused.Lstm, unitsOf(batch));
}

export function lstmUnit(unit: i32): void {
  const units = unitCount(), steps = stepCount();
  const first = firstRow(unit), end = endRow(unit), rows = end - first;
  const bytes = units << 2, span = <usize>steps * bytes;
  const gates = <usize>argument(4), before = <usize>argument(5), cells = <usize>argument(6);
  const panels = <usize>argument(9);
  const scratch = panels + panelBytes(<i32>units, <i32>units << 2) + <usize>unit * productScratch(rowsPerUnit(<i32>argument(30)));
  for (let r = first; r < end; r++) {
    memory.copy(before + <usize>r * span, <usize>argument(0) + <usize>r * bytes, bytes);
    memory.copy(cells + <usize>r * span, <usize>argument(1) + <usize>r * bytes, bytes);
  }
  for (let t = 0; t < steps; t++) {
    const at = <usize>first * <usize>steps + <usize>t;
    addProduct(before + at * bytes, span, rows, <i32>units, panels, <i32>units << 2, gates + (at * bytes << 2), span << 2, scratch);
    for (let r = first; r < end; r++) step(r, t, steps, bytes);
  }
}

/** The gates of one step of one example, and the states after it. */
function step(r: i32, t: i32, steps: i32, bytes: usize): void {
  const place = <usize>r * <usize>steps + <usize>t, at = place * bytes;
  const h = <usize>argument(5) + at, c = <usize>argument(6) + at;
  const last = t + 1 == steps;
  const nextC = last ? <usize>argument(3) + <usize>r * bytes : c + bytes;
  const all = argument(8) != 0;
  // The state goes to where the next step reads it and to the output; the last one to the output alone.
  const out = all ? <usize>argument(2) + at : <usize>argument(2) + <usize>r * bytes;
  const nextH = last ? out : h + bytes;
  if (counts(place)) advance(<usize>argument(4) + (at << 2), c, <usize>argument(7) + at, nextH, nextC, bytes);
  else {
    memory.copy(nextH, h, bytes);
    memory.copy(nextC, c, bytes);
  }
  if (all && !last) memory.copy(out, nextH, bytes);
}

function advance(zi: usize, c: usize, squashed: usize, nextH: usize, nextC: usize, bytes: usize): void {
  const zf = zi + bytes, zg = zf + bytes, zo = zg + bytes;
  for (let j: usize = 0; j < bytes; j += 16) {
    // All four are read before any is written: the last vector of a gate reaches into the next one.
    const a = v128.load(zi + j), b = v128.load(zf + j), d = v128.load(zg + j), e = v128.load(zo + j);
    const i = sigmoid(a), f = sigmoid(b), g = tanh(d), o = sigmoid(e);
    const cell = f32x4.add(f32x4.mul(f, v128.load(c + j)), f32x4.mul(i, g));
    const size = tanh(cell);
    put(zi, j, bytes, i);
    put(zf, j, bytes, f);
    put(zg, j, bytes, g);
    put(zo, j, bytes, o);
    put(squashed, j, bytes, size);
    put(nextC, j, bytes, cell);
    put(nextH, j, bytes, f32x4.mul(o, size));
  }
}

/** The scratch space of `lstmGradient`, in bytes. */
export function lstmGradientScratch(batch: i32, units: i32): usize {
  return panelBytes(4 * units, units) + <usize>unitsOf(batch) * productScratch(rowsPerUnit(batch));
}

/**
 * The gradients of `lstm` by the gates before their activations, dz [batch, steps, 4 units], and by the first states; from those by all states or the last ones (`sequences`)
 * and by the last c. What is left are products of dz with the inputs.
 */
export function lstmGradient(
  dh: usize, dc: usize, gates: usize, cells: usize, squashed: usize, recurrent: usize, mask: usize, dz: usize, dFirst: usize, dCell: usize,
  batch: i32, steps: i32, units: i32, sequences: bool, scratch: usize,
): void {
  if (batch == 0) return;
  packMatrix(recurrent, true, 4 * units, units, scratch);
  setSizes(batch, steps, units, mask);
  setArgument(0, <u32>dh);
  setArgument(1, <u32>dc);
  setArgument(2, <u32>gates);
  setArgument(3, <u32>cells);
  setArgument(4, <u32>squashed);
  setArgument(5, <u32>dz);
  setArgument(6, <u32>dFirst);
  setArgument(7, <u32>dCell);
  setArgument(8, sequences);
  setArgument(9, <u32>scratch);
  runFused(Fused.LstmGradient, unitsOf(batch));
}

export function lstmGradientUnit(unit: i32): void {
  const units = unitCount(), steps = stepCount();
  const first = firstRow(unit), end = endRow(unit), rows = end - first;
  const bytes = units << 2, span = <usize>steps * bytes;
  const dFirst = <usize>argument(6), dCell = <usize>argument(7), dz = <usize>argument(5);
  const panels = <usize>argument(9);
  const scratch = panels + panelBytes(<i32>units << 2, <i32>units) + <usize>unit * productScratch(rowsPerUnit(<i32>argument(30)));
  const own = <usize>first * bytes, all = <usize>rows * bytes;
  if (argument(8) != 0) memory.fill(dFirst + own, 0, all);
  else memory.copy(dFirst + own, <usize>argument(0) + own, all);
  memory.copy(dCell + own, <usize>argument(1) + own, all);
  for (let t = steps - 1; t >= 0; t--) {
    for (let r = first; r < end; r++) stepBack(r, <usize>r * <usize>steps + <usize>t, bytes);
    const at = <usize>first * <usize>steps + <usize>t;
    addProduct(dz + (at * bytes << 2), span << 2, rows, <i32>units << 2, panels, <i32>units, dFirst + own, bytes, scratch);
  }
}

function stepBack(r: i32, place: usize, bytes: usize): void {
  const at = place * bytes;
  const dState = <usize>argument(6) + <usize>r * bytes, dCell = <usize>argument(7) + <usize>r * bytes;
  if (argument(8) != 0) {
    const dh = <usize>argument(0) + at;
    for (let j: usize = 0; j < bytes; j += 16) put(dState, j, bytes, f32x4.add(v128.load(dState + j), v128.load(dh + j)));
  }
  const dz = <usize>argument(5) + (at << 2);
  if (!counts(place)) {
    memory.fill(dz, 0, bytes << 2);
    return;
  }
  const gi = <usize>argument(2) + (at << 2), gf = gi + bytes, gg = gf + bytes, go = gg + bytes;
  const cells = <usize>argument(3) + at, squashed = <usize>argument(4) + at;
  const df = dz + bytes, dg = df + bytes, dout = dg + bytes;
  for (let j: usize = 0; j < bytes; j += 16) {
    const i = v128.load(gi + j), f = v128.load(gf + j), g = v128.load(gg + j), o = v128.load(go + j);
    const size = v128.load(squashed + j), dy = v128.load(dState + j);
    const d = f32x4.add(v128.load(dCell + j), f32x4.mul(f32x4.mul(dy, o), tanhSlope(size)));
    put(dz, j, bytes, f32x4.mul(f32x4.mul(d, g), sigmoidSlope(i)));
    put(df, j, bytes, f32x4.mul(f32x4.mul(d, v128.load(cells + j)), sigmoidSlope(f)));
    put(dg, j, bytes, f32x4.mul(f32x4.mul(d, i), tanhSlope(g)));
    put(dout, j, bytes, f32x4.mul(f32x4.mul(dy, size), sigmoidSlope(o)));
    put(dCell, j, bytes, f32x4.mul(d, f));
    // What goes on to the step before is the product of dz alone.
    put(dState, j, bytes, f32x4.splat(0));
  }
}
