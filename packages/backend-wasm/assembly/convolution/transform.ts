// The transforms of Winograd's minimal filtering, F(2 x 2, 3 x 3), points 0, 1, -1 and infinity: https://arxiv.org/abs/1509.09308. A patch of 4 x 4 cells
// becomes 16 values; multiplied value by value with a filter's 16 they give 2 x 2 outputs, with 16 multiplications where the plain way takes 36.

/** Values of a transformed patch, filter or tile. */
export const VALUES: i32 = 16;

/** The patch of 4 x 4 cells at `from`, `bytes` of channels (a multiple of 16), to 16 places `step` bytes apart. */
export function transformPatch(from: usize, rowBytes: usize, pixelBytes: usize, bytes: usize, to: usize, step: usize): void {
  const step4 = step << 2;
  for (let c: usize = 0; c < bytes; c += 16) {
    const r0 = from + c, r1 = r0 + rowBytes, r2 = r1 + rowBytes, r3 = r2 + rowBytes;
    const p2 = pixelBytes << 1, p3 = p2 + pixelBytes;
    let a = v128.load(r0), b = v128.load(r1), d = v128.load(r2), e = v128.load(r3);
    const a0 = f32x4.sub(a, d), b0 = f32x4.add(b, d), d0 = f32x4.sub(d, b), e0 = f32x4.sub(b, e);
    a = v128.load(r0 + p2); b = v128.load(r1 + p2); d = v128.load(r2 + p2); e = v128.load(r3 + p2);
    const a2 = f32x4.sub(a, d), b2 = f32x4.add(b, d), d2 = f32x4.sub(d, b), e2 = f32x4.sub(b, e);
    let o = to + c;
    v128.store(o, f32x4.sub(a0, a2));
    v128.store(o + step4, f32x4.sub(b0, b2));
    v128.store(o + step4 * 2, f32x4.sub(d0, d2));
    v128.store(o + step4 * 3, f32x4.sub(e0, e2));
    a = v128.load(r0 + pixelBytes); b = v128.load(r1 + pixelBytes); d = v128.load(r2 + pixelBytes); e = v128.load(r3 + pixelBytes);
    const a1 = f32x4.sub(a, d), b1 = f32x4.add(b, d), d1 = f32x4.sub(d, b), e1 = f32x4.sub(b, e);
    o += step;
    v128.store(o, f32x4.add(a1, a2));
    v128.store(o + step4, f32x4.add(b1, b2));
    v128.store(o + step4 * 2, f32x4.add(d1, d2));
    v128.store(o + step4 * 3, f32x4.add(e1, e2));
    o += step;
    v128.store(o, f32x4.sub(a2, a1));
    v128.store(o + step4, f32x4.sub(b2, b1));
    v128.store(o + step4 * 2, f32x4.sub(d2, d1));
    v128.store(o + step4 * 3, f32x4.sub(e2, e1));
    a = v128.load(r0 + p3); b = v128.load(r1 + p3); d = v128.load(r2 + p3); e = v128.load(r3 + p3);
    o += step;
    v128.store(o, f32x4.sub(a1, f32x4.sub(a, d)));
    v128.store(o + step4, f32x4.sub(b1, f32x4.add(b, d)));
    v128.store(o + step4 * 2, f32x4.sub(d1, f32x4.sub(d, b)));
    v128.store(o + step4 * 3, f32x4.sub(e1, f32x4.sub(b, e)));
  }
}

// @ts-ignore: decorator
@inline
function halfSum(a: v128, b: v128, c: v128): v128 { return f32x4.mul(f32x4.splat(0.5), f32x4.add(f32x4.add(a, c), b)); }
// @ts-ignore: decorator
@inline
function halfDifference(a: v128, b: v128, c: v128): v128 { return f32x4.mul(f32x4.splat(0.5), f32x4.sub(f32x4.add(a, c), b)); }

/** The 3 x 3 taps at `from`, `tapStep` bytes apart, four values each, to 16 places. */
export function transformTaps(from: usize, tapStep: usize, to: usize, step: usize): void {
  for (let row = 0; row < 4; row++) {
    let g0: v128, g1: v128, g2: v128;
    if (row == 0 || row == 3) {
      const r = from + (row == 0 ? 0 : 6 * tapStep);
      g0 = v128.load(r); g1 = v128.load(r + tapStep); g2 = v128.load(r + 2 * tapStep);
    } else {
      const r1 = from + 3 * tapStep, r2 = from + 6 * tapStep;
      const x0 = v128.load(from), x1 = v128.load(from + tapStep), x2 = v128.load(from + 2 * tapStep);
      const y0 = v128.load(r1), y1 = v128.load(r1 + tapStep), y2 = v128.load(r1 + 2 * tapStep);
      const z0 = v128.load(r2), z1 = v128.load(r2 + tapStep), z2 = v128.load(r2 + 2 * tapStep);
      g0 = row == 1 ? halfSum(x0, y0, z0) : halfDifference(x0, y0, z0);
      g1 = row == 1 ? halfSum(x1, y1, z1) : halfDifference(x1, y1, z1);
      g2 = row == 1 ? halfSum(x2, y2, z2) : halfDifference(x2, y2, z2);
    }
    v128.store(to, g0); to += step;
    v128.store(to, halfSum(g0, g1, g2)); to += step;
    v128.store(to, halfDifference(g0, g1, g2)); to += step;
    v128.store(to, g2); to += step;
  }
}

// @ts-ignore: decorator
@inline
function finished(v: v128, bias: v128, relu: bool): v128 {
  const sum = f32x4.add(v, bias);
  return relu ? f32x4.max(sum, f32x4.splat(0)) : sum;
}

/** 16 values `step` bytes apart, `bytes` of channels, to the 2 x 2 pixels at `to` of which `rows` and `columns` exist. */
export function transformTile(from: usize, step: usize, bytes: usize, bias: usize, relu: bool, to: usize, rowStep: usize, pixelStep: usize, rows: i32, columns: i32): void {
  const step4 = step << 2;
  for (let c: usize = 0; c < bytes; c += 16) {
    let p = from + c;
    let a = v128.load(p), b = v128.load(p + step4), d = v128.load(p + step4 * 2), e = v128.load(p + step4 * 3);
    const s0 = f32x4.add(f32x4.add(a, b), d), t0 = f32x4.sub(f32x4.sub(b, d), e);
    p += step;
    a = v128.load(p); b = v128.load(p + step4); d = v128.load(p + step4 * 2); e = v128.load(p + step4 * 3);
    const s1 = f32x4.add(f32x4.add(a, b), d), t1 = f32x4.sub(f32x4.sub(b, d), e);
    p += step;
    a = v128.load(p); b = v128.load(p + step4); d = v128.load(p + step4 * 2); e = v128.load(p + step4 * 3);
    const s2 = f32x4.add(f32x4.add(a, b), d), t2 = f32x4.sub(f32x4.sub(b, d), e);
    p += step;
    a = v128.load(p); b = v128.load(p + step4); d = v128.load(p + step4 * 2); e = v128.load(p + step4 * 3);
    const s3 = f32x4.add(f32x4.add(a, b), d), t3 = f32x4.sub(f32x4.sub(b, d), e);
    const start = bias != 0 ? v128.load(bias + c) : f32x4.splat(0);
    const o = to + c;
    v128.store(o, finished(f32x4.add(f32x4.add(s0, s1), s2), start, relu));
    if (columns > 1) v128.store(o + pixelStep, finished(f32x4.sub(f32x4.sub(s1, s2), s3), start, relu));
    if (rows > 1) {
      v128.store(o + rowStep, finished(f32x4.add(f32x4.add(t0, t1), t2), start, relu));
      if (columns > 1) v128.store(o + rowStep + pixelStep, finished(f32x4.sub(f32x4.sub(t1, t2), t3), start, relu));
    }
  }
}

// @ts-ignore: decorator
@inline
function half(v: v128): v128 { return f32x4.mul(v, f32x4.splat(0.5)); }

/** The gradient of 2 x 2 pixels, of which `rows` and `columns` exist, to 16 places: the filter of the convolution that gives a filter's gradient. */
export function transformGradient(from: usize, rowStep: usize, pixelStep: usize, rows: i32, columns: i32, bytes: usize, to: usize, step: usize): void {
  const zero = f32x4.splat(0);
  for (let c: usize = 0; c < bytes; c += 16) {
    const p = from + c;
    const a = v128.load(p);
    const b = columns > 1 ? v128.load(p + pixelStep) : zero;
    const d = rows > 1 ? v128.load(p + rowStep) : zero;
    const e = rows > 1 && columns > 1 ? v128.load(p + rowStep + pixelStep) : zero;
    let o = to + c;
    o = gradientRow(a, b, o, step);
    o = gradientRow(half(f32x4.add(a, d)), half(f32x4.add(b, e)), o, step);
    o = gradientRow(half(f32x4.sub(a, d)), half(f32x4.sub(b, e)), o, step);
    gradientRow(d, e, o, step);
  }
}

// @ts-ignore: decorator
@inline
function gradientRow(a: v128, b: v128, to: usize, step: usize): usize {
  v128.store(to, a); to += step;
  v128.store(to, half(f32x4.add(a, b))); to += step;
  v128.store(to, half(f32x4.sub(a, b))); to += step;
  v128.store(to, b);
  return to + step;
}

/** 16 sums `step` bytes apart, four values each, to the 3 x 3 taps at `to`, `tapStep` bytes apart. */
export function transformFilterGradient(from: usize, step: usize, to: usize, tapStep: usize): void {
  const step4 = step << 2;
  for (let row = 0; row < 3; row++) {
    const s0 = filterRow(row, from, step4), s1 = filterRow(row, from + step, step4), s2 = filterRow(row, from + 2 * step, step4), s3 = filterRow(row, from + 3 * step, step4);
    v128.store(to, f32x4.add(f32x4.add(s0, s1), s2)); to += tapStep;
    v128.store(to, f32x4.sub(s1, s2)); to += tapStep;
    v128.store(to, f32x4.sub(f32x4.add(s1, s2), s3)); to += tapStep;
  }
}

// @ts-ignore: decorator
@inline
function filterRow(row: i32, p: usize, step4: usize): v128 {
  const b = v128.load(p + step4), d = v128.load(p + step4 * 2);
  if (row == 0) return f32x4.add(f32x4.add(v128.load(p), b), d);
  if (row == 1) return f32x4.sub(b, d);
  return f32x4.sub(f32x4.add(b, d), v128.load(p + step4 * 3));
}
