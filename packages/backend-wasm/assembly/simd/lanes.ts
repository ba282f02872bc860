/** The sum of the four lanes: (0 + 2) + (1 + 3). */
// @ts-ignore: decorator
@inline
export function sumOfLanes(a: v128): f32 {
  a = f32x4.add(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.add(a, v128.shuffle<f32>(a, a, 1, 0, 3, 2)), 0);
}

/** Which of the four lanes are among the first `count`: all bits set there. */
// @ts-ignore: decorator
@inline
export function firstLanes(count: usize): v128 { return i32x4.gt_s(i32x4.splat(<i32>count), i32x4(0, 1, 2, 3)); }

/** All lanes where `whole` vectors remain, else the first ones: the mask of the vector at byte `at` of a row of n elements. */
// @ts-ignore: decorator
@inline
export function lanesLeft(n: usize, at: usize): v128 { return firstLanes(min<usize>(4, n - (at >> 2))); }

/** Lanes 0 and 1 of float32 as float64, and lanes 2 and 3. */
// @ts-ignore: decorator
@inline
export function lowDoubles(a: v128): v128 { return f64x2.promote_low_f32x4(a); }
// @ts-ignore: decorator
@inline
export function highDoubles(a: v128): v128 { return f64x2.promote_low_f32x4(v128.shuffle<f32>(a, a, 2, 3, 0, 1)); }
// @ts-ignore: decorator
@inline
export function sumOfDoubles(a: v128): f64 { return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1); }
