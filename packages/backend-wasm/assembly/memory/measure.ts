import { madd } from '../simd/madd';

/** What the benchmark compares with: rounds of 10 products and sums in registers. The result depends on all of them. */
export function multiplyAddCeiling(rounds: i32): f32 {
  const x = f32x4.splat(0.9999), y = f32x4.splat(<f32>rounds);
  // Ten different chains: equal ones would be computed once.
  let a = y, b = f32x4.add(a, x), c = f32x4.add(b, x), d = f32x4.add(c, x), e = f32x4.add(d, x);
  let f = f32x4.add(e, x), g = f32x4.add(f, x), h = f32x4.add(g, x), i = f32x4.add(h, x), j = f32x4.add(i, x);
  while (rounds-- > 0) {
    a = madd(x, a, y); b = madd(x, b, y); c = madd(x, c, y); d = madd(x, d, y); e = madd(x, e, y);
    f = madd(x, f, y); g = madd(x, g, y); h = madd(x, h, y); i = madd(x, i, y); j = madd(x, j, y);
  }
  a = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
  return f32x4.extract_lane(f32x4.add(a, f32x4.add(i, j)), 0);
}

/** And a copy, vector by vector. */
export function copyVectors(x: usize, y: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(y + i, v128.load(x + i));
}
