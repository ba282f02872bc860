/** Elements that are summed in float32 before the sum goes on in float64. */
const BLOCK: usize = 1024;

// @ts-ignore: decorator
@inline
function total(v: v128): f64 {
  return <f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1) + <f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3);
}

/** y = size, Euclidean norm, mean, deviation (from the distances to the mean), minimum, maximum, fraction of zeros of n > 0 numbers. */
export function statistics(x: usize, y: usize, n: usize): void {
  const whole = n & ~3;
  let sum: f64 = 0, zeros: f64 = 0;
  let low = f32x4.splat(Infinity), high = f32x4.splat(-Infinity);
  for (let i: usize = 0; i < whole;) {
    let part = f32x4.splat(0), equal = i32x4.splat(0);
    for (const end = min(whole, i + BLOCK); i < end; i += 4) {
      const v = v128.load(x + (i << 2));
      part = f32x4.add(part, v);
      low = f32x4.min(low, v);
      high = f32x4.max(high, v);
      equal = i32x4.sub(equal, f32x4.eq(v, f32x4.splat(0)));
    }
    sum += total(part);
    zeros += total(f32x4.convert_i32x4_s(equal));
  }
  let smallest = min(min(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)), min(f32x4.extract_lane(low, 2), f32x4.extract_lane(low, 3)));
  let largest = max(max(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)), max(f32x4.extract_lane(high, 2), f32x4.extract_lane(high, 3)));
  for (let i = whole; i < n; i++) {
    const v = load<f32>(x + (i << 2));
    sum += <f64>v;
    smallest = min(smallest, v);
    largest = max(largest, v);
    if (v == 0) zeros += 1;
  }
  const mean = sum / <f64>n;
  const means = f32x4.splat(<f32>mean);
  let squares: f64 = 0;
  for (let i: usize = 0; i < whole;) {
    let part = f32x4.splat(0);
    for (const end = min(whole, i + BLOCK); i < end; i += 4) {
      const d = f32x4.sub(v128.load(x + (i << 2)), means);
      part = f32x4.add(part, f32x4.mul(d, d));
    }
    squares += total(part);
  }
  for (let i = whole; i < n; i++) {
    const d = <f64>load<f32>(x + (i << 2)) - <f64><f32>mean;
    squares += d * d;
  }
  // The distances were taken from the mean in float32.
  const lost = mean - <f64><f32>mean;
  const variance = max<f64>(squares / <f64>n - lost * lost, 0);
  store<f32>(y, <f32>n);
  store<f32>(y, <f32>sqrt((variance + mean * mean) * <f64>n), 4);
  store<f32>(y, <f32>mean, 8);
  store<f32>(y, <f32>sqrt(variance), 12);
  store<f32>(y, smallest, 16);
  store<f32>(y, largest, 20);
  store<f32>(y, <f32>(zeros / <f64>n), 24);
}
