import { Fused, runFused } from '../fused/span';
import { argument, setArgument } from '../pool/job';
import { isWide, wideGruBackward, wideGruForward } from '../wide/call';
import { gruBackward, gruForward } from './gru-gates';
import { addProduct, packMatrix, panelBytes, productScratch } from './product';
import { addRow, counts, endRow, firstRow, partStep, rowsPerUnit, setSizes, startParts, stepCount, unitCount, unitRows, unitsOf } from './rows';
import { weightGradients, weightScratch } from './weights';

/** The bytes that one unit works in: the input's and the state's parts of the gates of one step, and what the product needs. */
// @ts-ignore: decorator
@inline
function unitScratch(rows: i32, units: i32): usize { return 2 * <usize>rows * partStep(3 * units) + productScratch(rows, 3 * units); }

/** The scratch space of `gru`, in bytes. */
export function gruScratch(batch: i32, features: i32, units: i32): usize {
  return panelBytes(features, 3 * units) + panelBytes(units, 3 * units) + <usize>unitsOf(batch) * unitScratch(rowsPerUnit(batch), units);
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
  packMatrix(kernel, false, features, 3 * units, scratch);
  packMatrix(recurrent, false, units, 3 * units, scratch + panelBytes(features, 3 * units));
  setSizes(batch, steps, units, mask);
  setArgument(0, <u32>h);
  setArgument(1, <u32>bias);
  setArgument(2, <u32>hs);
  setArgument(3, <u32>gates);
  setArgument(4, <u32>inner);
  setArgument(5, <u32>before);
  setArgument(8, sequences);
  setArgument(9, <u32>scratch);
  setArgument(10, <u32>x);
  setArgument(11, features);
  runFused(Fused.Gru, unitsOf(batch));
}

export function gruUnit(unit: i32): void {
  const units = unitCount(), steps = stepCount(), features = <usize>argument(11), width = 3 * <i32>units;
  const first = firstRow(unit), end = endRow(unit), rows = end - first;
  const bytes = units << 2, span = <usize>steps * bytes;
  const before = <usize>argument(5), bias = <usize>argument(1);
  const inputPanels = <usize>argument(9), panels = inputPanels + panelBytes(<i32>features, width);
  const parts = panels + panelBytes(<i32>units, width) + <usize>unit * unitScratch(unitRows(), <i32>units);
  const partRow = partStep(width);
  const own = parts + <usize>rows * partRow, scratch = own + <usize>rows * partRow;
  for (let r = first; r < end; r++) memory.copy(before + <usize>r * span, <usize>argument(0) + <usize>r * bytes, bytes);
  for (let t = 0; t < steps; t++) {
    const at = <usize>first * <usize>steps + <usize>t;
    startParts(parts, partRow, rows, bias, 3 * bytes);
    startParts(own, partRow, rows, bias == 0 ? 0 : bias + 3 * bytes, 3 * bytes);
    addProduct(<usize>argument(10) + (at * features << 2), <usize>steps * features << 2, rows, <i32>features, inputPanels, width, parts, partRow, scratch);
    addProduct(before + at * bytes, span, rows, <i32>units, panels, width, own, partRow, scratch);
    for (let r = first; r < end; r++) step(r, t, steps, bytes, parts + <usize>(r - first) * partRow, own + <usize>(r - first) * partRow);
  }
}

/** The gates of one step of one example, and the state after it. */
function step(r: i32, t: i32, steps: i32, bytes: usize, parts: usize, own: usize): void {
  const place = <usize>r * <usize>steps + <usize>t, at = place * bytes;
  const h = <usize>argument(5) + at;
  const last = t + 1 == steps;
  const all = argument(8) != 0;
  const out = all ? <usize>argument(2) + at : <usize>argument(2) + <usize>r * bytes;
  const next = last ? out : h + bytes;
  if (counts(place)) forward(parts, own, <usize>argument(3) + 3 * at, <usize>argument(4) + at, h, next, bytes);
  else memory.copy(next, h, bytes);
  if (all && !last) memory.copy(out, next, bytes);
}

/** The scratch space of `gruGradient`, in bytes. */
export function gruGradientScratch(batch: i32, steps: i32, features: i32, units: i32): usize {
  const own = panelBytes(3 * units, units) + <usize>unitsOf(batch) * productScratch(rowsPerUnit(batch), units);
  return max(own, weightScratch(batch * steps, max(features, units), 0, 3 * units));
}

/**
 * The gradients of `gru` by the input's and the state's parts of the gates, [batch, steps, 3 units] each, by the first state and by the weights; from those by all states or the
 * last ones (`sequences`). What is left is the product of the input's part with the kernel, for the gradient by x.
 */
export function gruGradient(
  dh: usize, gates: usize, inner: usize, x: usize, before: usize, recurrent: usize, mask: usize,
  dInput: usize, dState: usize, dFirst: usize, dKernel: usize, dRecurrent: usize, dBias: usize,
  batch: i32, steps: i32, features: i32, units: i32, sequences: bool, scratch: usize,
): void {
  if (batch > 0) {
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
  weightGradients(dInput, batch * steps, 3 * units, x, features, dKernel, 0, 0, 0, dBias, scratch);
  weightGradients(dState, batch * steps, 3 * units, before, units, dRecurrent, 0, 0, 0, dBias + <usize>(12 * units), scratch);
}

export function gruGradientUnit(unit: i32): void {
  const units = unitCount(), steps = stepCount();
  const first = firstRow(unit), end = endRow(unit), rows = end - first;
  const bytes = units << 2, span = <usize>steps * bytes;
  const dState = <usize>argument(5), dFirst = <usize>argument(6);
  const panels = <usize>argument(9);
  const scratch = panels + panelBytes(3 * <i32>units, <i32>units) + <usize>unit * productScratch(unitRows(), <i32>units);
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
  if (argument(8) != 0) addRow(<usize>argument(0) + at, dNow, bytes);
  const dz = <usize>argument(4) + 3 * at, sz = <usize>argument(5) + 3 * at;
  if (!counts(place)) {
    memory.fill(dz, 0, 3 * bytes);
    memory.fill(sz, 0, 3 * bytes);
    return;
  }
  backward(dNow, <usize>argument(1) + 3 * at, <usize>argument(2) + at, <usize>argument(3) + at, dz, sz, bytes);
}

function forward(parts: usize, own: usize, gates: usize, inner: usize, h: usize, next: usize, bytes: usize): void {
  if (isWide()) wideGruForward(parts, own, gates, inner, h, next, bytes);
  else gruForward(parts, own, gates, inner, h, next, bytes);
}

function backward(dNow: usize, gates: usize, inner: usize, before: usize, dz: usize, sz: usize, bytes: usize): void {
  if (isWide()) wideGruBackward(dNow, gates, inner, before, dz, sz, bytes);
  else gruBackward(dNow, gates, inner, before, dz, sz, bytes);
}
