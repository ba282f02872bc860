/** What is carried along an axis. */
const enum Scan { Sum, Product, IntSum, IntProduct }

/**
 * y[o, j, i] = the sum or product of x[o, 0..j, i], with x[o, j, i] or (exclusive) without it, from the other end when reversed. Floats are carried in
 * float64: a sum of a million values loses nothing on its way.
 */
export function scan(kind: i32, x: usize, y: usize, outer: usize, n: usize, inner: usize, exclusive: bool, reverse: bool): void {
  const step = (<isize>inner << 2) * (reverse ? -1 : 1);
  const last = reverse && n > 0 ? (n - 1) * inner << 2 : 0;
  for (let o: usize = 0; o < outer; o++) {
    const at = (o * n * inner << 2) + last;
    let i: usize = 0;
    if (kind == Scan.Sum) {
      for (; i + 4 <= inner; i += 4) columns(false, x + at + (i << 2), y + at + (i << 2), n, step, exclusive);
      for (; i < inner; i++) column(false, x + at + (i << 2), y + at + (i << 2), n, step, exclusive);
    } else if (kind == Scan.Product) {
      for (; i + 4 <= inner; i += 4) columns(true, x + at + (i << 2), y + at + (i << 2), n, step, exclusive);
      for (; i < inner; i++) column(true, x + at + (i << 2), y + at + (i << 2), n, step, exclusive);
    } else {
      for (; i < inner; i++) wholeColumn(kind == Scan.IntProduct, x + at + (i << 2), y + at + (i << 2), n, step, exclusive);
    }
  }
}

// @ts-ignore: decorator
@inline
function columns(product: bool, x: usize, y: usize, n: usize, step: isize, exclusive: bool): void {
  let low = f64x2.splat(product ? 1 : 0), high = low;
  for (let j: usize = 0; j < n; j++, x += step, y += step) {
    const v = v128.load(x);
    const before = v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
    const a = f64x2.promote_low_f32x4(v), b = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 0, 1));
    low = product ? f64x2.mul(low, a) : f64x2.add(low, a);
    high = product ? f64x2.mul(high, b) : f64x2.add(high, b);
    const after = v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
    v128.store(y, exclusive ? before : after);
  }
}

// @ts-ignore: decorator
@inline
function column(product: bool, x: usize, y: usize, n: usize, step: isize, exclusive: bool): void {
  let carried: f64 = product ? 1 : 0;
  for (let j: usize = 0; j < n; j++, x += step, y += step) {
    const before = carried;
    carried = product ? carried * <f64>load<f32>(x) : carried + <f64>load<f32>(x);
    store<f32>(y, <f32>(exclusive ? before : carried));
  }
}

// @ts-ignore: decorator
@inline
function wholeColumn(product: bool, x: usize, y: usize, n: usize, step: isize, exclusive: bool): void {
  let carried = product ? 1 : 0;
  for (let j: usize = 0; j < n; j++, x += step, y += step) {
    const before = carried;
    carried = product ? carried * load<i32>(x) : carried + load<i32>(x);
    store<i32>(y, exclusive ? before : carried);
  }
}
