import { Fused, runFused } from '../fused/span';
import { argument, setArgument } from '../pool/job';
import { isWide, wideLstmBackward, wideLstmForward } from '../wide/call';
import { lstmBackward, lstmForward } from './lstm-gates';
import { addProduct, packMatrix, panelBytes, productScratch } from './product';
import { addRow, counts, endRow, firstRow, partStep, rowsPerUnit, setSizes, startParts, stepCount, unitCount, unitRows, unitsOf } from './rows';
import { weightGradients, weightScratch } from './weights';

/** The bytes that one unit works in: the gates of one step, and what the product needs. */
// @ts-ignore: decorator
@inline
function unitScratch(rows: i32, units: i32): usize { return <usize>rows * partStep(4 * units) + productScratch(rows, 4 * units); }

/** The scratch space of `lstm`, in bytes. */
export function lstmScratch(batch: i32, features: i32, units: i32): usize {
  return panelBytes(features, 4 * units) + panelBytes(units, 4 * units) + <usize>unitsOf(batch) * unitScratch(rowsPerUnit(batch), units);
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
  packMatrix(kernel, false, features, 4 * units, scratch);
  packMatrix(recurrent, false, units, 4 * units, scratch + panelBytes(features, 4 * units));
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
  setArgument(10, <u32>x);
  setArgument(11, features);
  setArgument(12, <u32>bias);
  runFused(Fused.Lstm, unitsOf(batch));
}

export function lstmUnit(unit: i32): void {
  const units = unitCount(), steps = stepCount(), features = <usize>argument(11), width = <i32>units << 2;
  const first = firstRow(unit), end = endRow(unit), rows = end - first;
  const bytes = units << 2, span = <usize>steps * bytes;
  const before = <usize>argument(5), cells = <usize>argument(6);
  const inputPanels = <usize>argument(9), panels = inputPanels + panelBytes(<i32>features, width);
  const parts = panels + panelBytes(<i32>units, width) + <usize>unit * unitScratch(unitRows(), <i32>units);
  const partRow = partStep(width);
  const scratch = parts + <usize>rows * partRow;
  for (let r = first; r < end; r++) {
    memory.copy(before + <usize>r * span, <usize>argument(0) + <usize>r * bytes, bytes);
    memory.copy(cells + <usize>r * span, <usize>argument(1) + <usize>r * bytes, bytes);
  }
  for (let t = 0; t < steps; t++) {
    const at = <usize>first * <usize>steps + <usize>t;
    startParts(parts, partRow, rows, argument(12), bytes << 2);
    addProduct(<usize>argument(10) + (at * features << 2), <usize>steps * features << 2, rows, <i32>features, inputPanels, width, parts, partRow, scratch);
    addProduct(before + at * bytes, span, rows, <i32>units, panels, width, parts, partRow, scratch);
    for (let r = first; r < end; r++) step(r, t, steps, bytes, parts + <usize>(r - first) * partRow);
  }
}

/** The gates of one step of one example, and the states after it. */
function step(r: i32, t: i32, steps: i32, bytes: usize, parts: usize): void {
  const place = <usize>r * <usize>steps + <usize>t, at = place * bytes;
  const h = <usize>argument(5) + at, c = <usize>argument(6) + at;
  const last = t + 1 == steps;
  const nextC = last ? <usize>argument(3) + <usize>r * bytes : c + bytes;
  const all = argument(8) != 0;
  // The state goes to where the next step reads it and to the output; the last one to the output alone.
  const out = all ? <usize>argument(2) + at : <usize>argument(2) + <usize>r * bytes;
  const nextH = last ? out : h + bytes;
  if (counts(place)) forward(parts, <usize>argument(4) + (at << 2), c, <usize>argument(7) + at, nextH, nextC, bytes);
  else {
    memory.copy(nextH, h, bytes);
    memory.copy(nextC, c, bytes);
  }
  if (all && !last) memory.copy(out, nextH, bytes);
}

/** The scratch space of `lstmGradient`, in bytes. */
export function lstmGradientScratch(batch: i32, steps: i32, features: i32, units: i32): usize {
  const own = panelBytes(4 * units, units) + <usize>unitsOf(batch) * productScratch(rowsPerUnit(batch), units);
  return max(own, weightScratch(batch * steps, features, units, 4 * units));
}

/**
 * The gradients of `lstm` by the gates before their activations, dz [batch, steps, 4 units], by the first states and by the weights; from those by all states or the last ones
 * (`sequences`) and by the last c. What is left is the product of dz with the kernel, for the gradient by x.
 */
export function lstmGradient(
  dh: usize, dc: usize, gates: usize, cells: usize, squashed: usize, x: usize, before: usize, recurrent: usize, mask: usize,
  dz: usize, dFirst: usize, dCell: usize, dKernel: usize, dRecurrent: usize, dBias: usize,
  batch: i32, steps: i32, features: i32, units: i32, sequences: bool, scratch: usize,
): void {
  if (batch > 0) {
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
  weightGradients(dz, batch * steps, 4 * units, x, features, dKernel, before, units, dRecurrent, dBias, scratch);
}

export function lstmGradientUnit(unit: i32): void {
  const units = unitCount(), steps = stepCount();
  const first = firstRow(unit), end = endRow(unit), rows = end - first;
  const bytes = units << 2, span = <usize>steps * bytes;
  const dFirst = <usize>argument(6), dCell = <usize>argument(7), dz = <usize>argument(5);
  const panels = <usize>argument(9);
  const scratch = panels + panelBytes(<i32>units << 2, <i32>units) + <usize>unit * productScratch(unitRows(), <i32>units);
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
  if (argument(8) != 0) addRow(<usize>argument(0) + at, dState, bytes);
  const dz = <usize>argument(5) + (at << 2);
  if (!counts(place)) {
    memory.fill(dz, 0, bytes << 2);
    return;
  }
  backward(dState, dCell, <usize>argument(2) + (at << 2), <usize>argument(3) + at, <usize>argument(4) + at, dz, bytes);
}

function forward(parts: usize, gates: usize, c: usize, squashed: usize, nextH: usize, nextC: usize, bytes: usize): void {
  if (isWide()) wideLstmForward(parts, gates, c, squashed, nextH, nextC, bytes);
  else lstmForward(parts, gates, c, squashed, nextH, nextC, bytes);
}

function backward(dState: usize, dCell: usize, gates: usize, cells: usize, squashed: usize, dz: usize, bytes: usize): void {
  if (isWide()) wideLstmBackward(dState, dCell, gates, cells, squashed, dz, bytes);
  else lstmBackward(dState, dCell, gates, cells, squashed, dz, bytes);
}
