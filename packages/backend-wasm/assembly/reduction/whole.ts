import { Reduction } from '../../src/internal/codes';

/** The sum, product or an extreme of int32 values; sums and products modulo 2^32. */
export function reduceInt(op: i32, x: usize, y: usize, outer: usize, n: usize, inner: usize): void {
  for (let o: usize = 0; o < outer; o++) {
    for (let i: usize = 0; i < inner; i++) {
      let result = op == Reduction.Prod ? 1 : op == Reduction.Max ? i32.MIN_VALUE : op == Reduction.Min ? i32.MAX_VALUE : 0;
      let p = x + (o * n * inner + i << 2);
      for (let r: usize = 0; r < n; r++, p += inner << 2) {
        const value = load<i32>(p);
        if (op == Reduction.Prod) result *= value;
        else if (op == Reduction.Max) result = max(result, value);
        else if (op == Reduction.Min) result = min(result, value);
        else result += value;
      }
      store<i32>(y + (o * inner + i << 2), result);
    }
  }
}

/** The first place of the largest (or smallest) value of x[o, :, i], float32 or (whole) int32; NaN is it only where it comes first. */
export function argReduce(whole: bool, smallest: bool, x: usize, y: usize, outer: usize, n: usize, inner: usize): void {
  if (whole) places<i32>(smallest, x, y, outer, n, inner);
  else places<f32>(smallest, x, y, outer, n, inner);
}

function places<T>(smallest: bool, x: usize, y: usize, outer: usize, n: usize, inner: usize): void {
  const step = inner << 2;
  for (let o: usize = 0; o < outer; o++) {
    for (let i: usize = 0; i < inner; i++) {
      let p = x + (o * n * inner + i << 2);
      let best = load<T>(p);
      let place: i32 = 0;
      for (let r: usize = 1; r < n; r++) {
        p += step;
        const value = load<T>(p);
        if (smallest ? value < best : value > best) { best = value; place = <i32>r; }
      }
      store<i32>(y + (o * inner + i << 2), place);
    }
  }
}

/** 1 where all (or any) bytes of x[o, :, i] are not 0. */
export function reduceBool(all: bool, x: usize, y: usize, outer: usize, n: usize, inner: usize): void {
  for (let o: usize = 0; o < outer; o++) {
    for (let i: usize = 0; i < inner; i++) {
      let p = x + o * n * inner + i;
      let result = all;
      for (let r: usize = 0; r < n && result == all; r++, p += inner) result = load<u8>(p) != 0;
      store<u8>(y + o * inner + i, result);
    }
  }
}
