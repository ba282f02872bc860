import { firstLanes, sumOfLanes } from '../simd/lanes';

/** The sum of n numbers: sixteen partial sums. */
export function rowSum(x: usize, n: usize): f32 {
  const end = x + (n << 2);
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (; x + 64 <= end; x += 64) {
    a = f32x4.add(a, v128.load(x));
    b = f32x4.add(b, v128.load(x, 16));
    c = f32x4.add(c, v128.load(x, 32));
    d = f32x4.add(d, v128.load(x, 48));
  }
  for (; x + 16 <= end; x += 16) a = f32x4.add(a, v128.load(x));
  if (x < end) b = f32x4.add(b, v128.and(v128.load(x), firstLanes((end - x) >> 2)));
  return sumOfLanes(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}

/** The sum of squared distances of n numbers to one. */
export function rowSpread(x: usize, n: usize, from: f32): f32 {
  const end = x + (n << 2);
  const centre = f32x4.splat(from);
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (; x + 64 <= end; x += 64) {
    const v = f32x4.sub(v128.load(x), centre), w = f32x4.sub(v128.load(x, 16), centre);
    const y = f32x4.sub(v128.load(x, 32), centre), z = f32x4.sub(v128.load(x, 48), centre);
    a = f32x4.add(a, f32x4.mul(v, v));
    b = f32x4.add(b, f32x4.mul(w, w));
    c = f32x4.add(c, f32x4.mul(y, y));
    d = f32x4.add(d, f32x4.mul(z, z));
  }
  for (; x + 16 <= end; x += 16) {
    const v = f32x4.sub(v128.load(x), centre);
    a = f32x4.add(a, f32x4.mul(v, v));
  }
  if (x < end) {
    const v = v128.and(f32x4.sub(v128.load(x), centre), firstLanes((end - x) >> 2));
    b = f32x4.add(b, f32x4.mul(v, v));
  }
  return sumOfLanes(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}

/** sum += x, n numbers rounded up to whole vectors. */
export function addTo(sum: usize, x: usize, n: usize): void {
  const bytes = n << 2;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(sum + i, f32x4.add(v128.load(sum + i), v128.load(x + i)));
}
