/** y[o, i, :] = x[o, indices[i], :] with rows of `bytes`; false where an index is outside of 0..n, and then y is not whole. */
export function gather(x: usize, indices: usize, y: usize, outer: usize, n: i32, count: usize, bytes: usize): bool {
  for (let o: usize = 0; o < outer; o++) {
    for (let i: usize = 0; i < count; i++) {
      const index = load<i32>(indices + (i << 2));
      if (<u32>index >= <u32>n) return false;
      const from = x + <usize>index * bytes;
      if (bytes == 4) store<u32>(y, load<u32>(from));
      else memory.copy(y, from, bytes);
      y += bytes;
    }
    x += <usize>n * bytes;
  }
  return true;
}

/** y[i, :] is `off` with `on` at indices[i] where that is inside of 0..depth; 32-bit values. */
export function oneHot(indices: usize, y: usize, count: usize, depth: i32, on: i32, off: i32): void {
  for (let i: usize = 0; i < count; i++) {
    const index = load<i32>(indices + (i << 2));
    const row = y + (i * <usize>depth << 2);
    for (let j = 0; j < depth; j++) store<i32>(row + (<usize>j << 2), off);
    if (<u32>index < <u32>depth) store<i32>(row + (<usize>index << 2), on);
  }
}

/** y[segments[i], :] += x[i, :] for rows of n values; y begins as zeros. Ids outside of 0..segments are left out. */
export function segmentSum(x: usize, ids: usize, y: usize, rows: usize, n: usize, segments: i32): void {
  memory.fill(y, 0, <usize>segments * n << 2);
  const whole = n & ~3;
  for (let r: usize = 0; r < rows; r++) {
    const id = load<i32>(ids + (r << 2));
    if (<u32>id < <u32>segments) {
      const to = y + (<usize>id * n << 2);
      let i: usize = 0;
      for (; i < whole; i += 4) v128.store(to + (i << 2), f32x4.add(v128.load(to + (i << 2)), v128.load(x + (i << 2))));
      for (; i < n; i++) store<f32>(to + (i << 2), load<f32>(to + (i << 2)) + load<f32>(x + (i << 2)));
    }
    x += n << 2;
  }
}
