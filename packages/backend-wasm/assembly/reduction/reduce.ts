import { Reduction } from '../../src/internal/codes';
import { storePart } from '../elementwise/binary';
import { Job, argument, lanes, setArgument } from '../pool/job';
import { parallel } from '../pool/parallel';

/** Elements that are summed in float32 before the sum goes on in float64: a million values lose no more than a few thousand do. */
const BLOCK: usize = 1024;
/** Elements a unit of work covers when there are threads. */
const UNIT: usize = 16384;

// @ts-ignore: decorator
@inline
function first(op: i32): v128 {
  if (op == Reduction.Prod) return f32x4.splat(1);
  if (op == Reduction.Max) return f32x4.splat(-Infinity);
  if (op == Reduction.Min) return f32x4.splat(Infinity);
  return f32x4.splat(0);
}

// @ts-ignore: decorator
@inline
function join(op: i32, a: v128, b: v128): v128 {
  if (op == Reduction.Prod) return f32x4.mul(a, b);
  if (op == Reduction.Max) return f32x4.max(a, b);
  if (op == Reduction.Min) return f32x4.min(a, b);
  return f32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
function joinOne(op: i32, a: f64, b: f32): f64 {
  if (op == Reduction.Prod) return a * <f64>b;
  if (op == Reduction.Max) return max<f64>(a, <f64>b);
  if (op == Reduction.Min) return min<f64>(a, <f64>b);
  return a + <f64>b;
}

/** The largest or smallest of n values, NaN where there is one: pmax and pmin are one instruction where max and min are eight, and NaN is looked for apart. */
// @ts-ignore: decorator
@inline
function extreme(op: i32, x: usize, n: usize): f32 {
  let a = first(op), b = a, c = a, d = a, broken = f32x4.splat(0);
  const end = x + (n << 2);
  for (const whole = x + ((n & ~15) << 2); x < whole; x += 64) {
    const p = v128.load(x), q = v128.load(x, 16), r = v128.load(x, 32), s = v128.load(x, 48);
    a = nearer(op, a, p); b = nearer(op, b, q); c = nearer(op, c, r); d = nearer(op, d, s);
    broken = v128.or(broken, v128.or(v128.or(f32x4.ne(p, p), f32x4.ne(q, q)), v128.or(f32x4.ne(r, r), f32x4.ne(s, s))));
  }
  for (; x + 16 <= end; x += 16) {
    const p = v128.load(x);
    a = nearer(op, a, p);
    broken = v128.or(broken, f32x4.ne(p, p));
  }
  a = nearer(op, nearer(op, a, b), nearer(op, c, d));
  a = nearer(op, a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  let result = f32x4.extract_lane(nearer(op, a, v128.shuffle<f32>(a, a, 1, 0, 3, 2)), 0);
  for (; x < end; x += 4) result = op == Reduction.Max ? max<f32>(result, load<f32>(x)) : min<f32>(result, load<f32>(x));
  return v128.any_true(broken) ? NaN : result;
}

// @ts-ignore: decorator
@inline
function nearer(op: i32, a: v128, b: v128): v128 { return op == Reduction.Max ? f32x4.pmax(a, b) : f32x4.pmin(a, b); }

/** The reduction of n values that lie side by side. */
// @ts-ignore: decorator
@inline
function line(op: i32, x: usize, n: usize): f32 {
  if (op == Reduction.Max || op == Reduction.Min) return extreme(op, x, n);
  let total = <f64>f32x4.extract_lane(first(op), 0);
  while (n > 0) {
    const block = min(n, BLOCK);
    const end = x + (block << 2);
    let a = first(op);
    if (block >= 16) {
      let b = a, c = a, d = a;
      const whole = x + ((block & ~15) << 2);
      for (; x < whole; x += 64) {
        a = join(op, a, v128.load(x));
        b = join(op, b, v128.load(x, 16));
        c = join(op, c, v128.load(x, 32));
        d = join(op, d, v128.load(x, 48));
      }
      a = join(op, join(op, a, b), join(op, c, d));
    }
    for (; x + 16 <= end; x += 16) a = join(op, a, v128.load(x));
    a = join(op, a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
    a = join(op, a, v128.shuffle<f32>(a, a, 1, 0, 3, 2));
    total = joinOne(op, total, f32x4.extract_lane(a, 0));
    for (; x < end; x += 4) total = joinOne(op, total, load<f32>(x));
    n -= block;
  }
  return <f32>total;
}

/** So many rows are joined before their result joins that of the block of blocks: no sum is a long chain of small terms. */
const ROWS: usize = 64;

/** So many rows are gone through side by side: more are summed in chains that are too long. */
const STREAMED: usize = 2048;

/**
 * The same for long rows: four at a time from their first to their last column, joined with what is in y. Memory is read as it lies; going down columns, each line of
 * it is on another page.
 */
// @ts-ignore: decorator
@inline
function streamed(op: i32, x: usize, n: usize, step: usize, y: usize, width: usize, divisor: f32): void {
  const whole = (width & ~3) << 2;
  let p = x, r: usize = 0;
  for (; r + 4 <= n; r += 4, p += step << 2) {
    const q1 = p + step, q2 = q1 + step, q3 = q2 + step;
    for (let i: usize = 0; i < whole; i += 16) {
      const four = join(op, join(op, v128.load(p + i), v128.load(q1 + i)), join(op, v128.load(q2 + i), v128.load(q3 + i)));
      v128.store(y + i, r == 0 ? four : join(op, v128.load(y + i), four));
    }
  }
  for (; r < n; r++, p += step) for (let i: usize = 0; i < whole; i += 16) v128.store(y + i, join(op, v128.load(y + i), v128.load(p + i)));
  if (op == Reduction.Sum && divisor != 1) {
    const divisors = f32x4.splat(divisor);
    for (let i: usize = 0; i < whole; i += 16) v128.store(y + i, f32x4.div(v128.load(y + i), divisors));
  }
  if (whole < width << 2) columns(op, x + whole, n, step, y + whole, width & 3, divisor);
}

/** `width` columns of n rows, `step` bytes apart, 16 at a time and then 4. */
// @ts-ignore: decorator
@inline
function columns(op: i32, x: usize, n: usize, step: usize, y: usize, width: usize, divisor: f32): void {
  const divisors = f32x4.splat(divisor);
  let i: usize = 0;
  for (; i + 16 <= width; i += 16) {
    let p = x + (i << 2);
    let ta = first(op), tb = ta, tc = ta, td = ta;
    for (let r: usize = 0; r < n;) {
      let ma = first(op), mb = ma, mc = ma, md = ma;
      for (const blocks = min(n, r + ROWS * ROWS); r < blocks;) {
        let a = first(op), b = a, c = a, d = a;
        for (const end = min(blocks, r + ROWS); r < end; r++, p += step) {
          a = join(op, a, v128.load(p));
          b = join(op, b, v128.load(p, 16));
          c = join(op, c, v128.load(p, 32));
          d = join(op, d, v128.load(p, 48));
        }
        ma = join(op, ma, a); mb = join(op, mb, b); mc = join(op, mc, c); md = join(op, md, d);
      }
      ta = join(op, ta, ma); tb = join(op, tb, mb); tc = join(op, tc, mc); td = join(op, td, md);
    }
    const o = y + (i << 2);
    if (op == Reduction.Sum) { ta = f32x4.div(ta, divisors); tb = f32x4.div(tb, divisors); tc = f32x4.div(tc, divisors); td = f32x4.div(td, divisors); }
    v128.store(o, ta); v128.store(o, tb, 16); v128.store(o, tc, 32); v128.store(o, td, 48);
  }
  for (; i < width; i += 4) {
    let p = x + (i << 2);
    let t = first(op);
    for (let r: usize = 0; r < n;) {
      let m = first(op);
      for (const blocks = min(n, r + ROWS * ROWS); r < blocks;) {
        let a = first(op);
        for (const end = min(blocks, r + ROWS); r < end; r++, p += step) a = join(op, a, v128.load(p));
        m = join(op, m, a);
      }
      t = join(op, t, m);
    }
    if (op == Reduction.Sum) t = f32x4.div(t, divisors);
    if (width - i >= 4) v128.store(y + (i << 2), t);
    else storePart(y + (i << 2), t, width - i);
  }
}

// @ts-ignore: decorator
@inline
function ranges(op: i32, x: usize, y: usize, n: usize, inner: usize, divisor: f32, o0: usize, o1: usize, i0: usize, i1: usize): void {
  if (inner == 1) {
    for (let o = o0; o < o1; o++) {
      const value = line(op, x + (o * n << 2), n);
      store<f32>(y + (o << 2), op == Reduction.Sum ? value / divisor : value);
    }
    return;
  }
  const streams = n >= 4 && n <= STREAMED && inner >= 256;
  for (let o = o0; o < o1; o++) {
    const from = x + (o * n * inner + i0 << 2), to = y + (o * inner + i0 << 2);
    if (streams) streamed(op, from, n, inner << 2, to, i1 - i0, divisor);
    else columns(op, from, n, inner << 2, to, i1 - i0, divisor);
  }
}

// One function each, as in elementwise/unary.ts.
function sumRanges(x: usize, y: usize, n: usize, inner: usize, divisor: f32, o0: usize, o1: usize, i0: usize, i1: usize): void { ranges(Reduction.Sum, x, y, n, inner, divisor, o0, o1, i0, i1); }
function prodRanges(x: usize, y: usize, n: usize, inner: usize, divisor: f32, o0: usize, o1: usize, i0: usize, i1: usize): void { ranges(Reduction.Prod, x, y, n, inner, divisor, o0, o1, i0, i1); }
function maxRanges(x: usize, y: usize, n: usize, inner: usize, divisor: f32, o0: usize, o1: usize, i0: usize, i1: usize): void { ranges(Reduction.Max, x, y, n, inner, divisor, o0, o1, i0, i1); }
function minRanges(x: usize, y: usize, n: usize, inner: usize, divisor: f32, o0: usize, o1: usize, i0: usize, i1: usize): void { ranges(Reduction.Min, x, y, n, inner, divisor, o0, o1, i0, i1); }

// @ts-ignore: decorator
@inline
function run(op: i32, x: usize, y: usize, n: usize, inner: usize, divisor: f32, o0: usize, o1: usize, i0: usize, i1: usize): void {
  if (op == Reduction.Prod) prodRanges(x, y, n, inner, divisor, o0, o1, i0, i1);
  else if (op == Reduction.Max) maxRanges(x, y, n, inner, divisor, o0, o1, i0, i1);
  else if (op == Reduction.Min) minRanges(x, y, n, inner, divisor, o0, o1, i0, i1);
  else sumRanges(x, y, n, inner, divisor, o0, o1, i0, i1);
}

/**
 * y[o, i] = the reduction of x[o, :, i], with x of outer x n x inner values. A mean is a sum over n. The order of a sum depends on the sizes alone.
 */
export function reduce(op: i32, x: usize, y: usize, outer: usize, n: usize, inner: usize): void {
  const divisor: f32 = op == Reduction.Mean ? <f32>n : 1;
  if (lanes() == 1 || outer * n * inner <= UNIT || (inner == 1 && outer == 1)) {
    run(op, x, y, n, inner, divisor, 0, outer, 0, inner);
    return;
  }
  setArgument(0, op);
  setArgument(1, <u32>x);
  setArgument(2, <u32>y);
  setArgument(3, <u32>n);
  setArgument(4, <u32>inner);
  setArgument(5, <u32>outer);
  const byColumns = outer < 4 && inner >= 32;
  // Columns are cut at multiples of 16, where their sums are cut anyhow.
  const perUnit = byColumns ? max<usize>(16, (UNIT / max<usize>(n, 1)) & ~15) : max<usize>(1, UNIT / max<usize>(n * inner, 1));
  setArgument(6, byColumns ? 1 : 0);
  setArgument(7, <u32>perUnit);
  const pieces = byColumns ? (inner + perUnit - 1) / perUnit : 1;
  setArgument(8, <u32>pieces);
  parallel(Job.Reduce, <i32>(byColumns ? pieces * outer : (outer + perUnit - 1) / perUnit));
}

export function reduceUnit(unit: i32): void {
  const op = <i32>argument(0);
  const n = <usize>argument(3), inner = <usize>argument(4), outer = <usize>argument(5), perUnit = <usize>argument(7), pieces = <usize>argument(8);
  const divisor: f32 = op == Reduction.Mean ? <f32>n : 1;
  if (argument(6) != 0) {
    const o = <usize>unit / pieces;
    const i0 = <usize>unit % pieces * perUnit;
    run(op, argument(1), argument(2), n, inner, divisor, o, o + 1, i0, min(inner, i0 + perUnit));
  } else {
    const o0 = <usize>unit * perUnit;
    run(op, argument(1), argument(2), n, inner, divisor, o0, min(outer, o0 + perUnit), 0, inner);
  }
}
