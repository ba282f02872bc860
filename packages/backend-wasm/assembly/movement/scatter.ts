/** What a row does to the place it is written to. */
const enum Scatter { Add, AddWhole, Set }

/** The row that `depth` indices name, or -1 where one is out of its range. d: the sizes of so many dimensions. */
// @ts-ignore: decorator
@inline
function place(indices: usize, d: usize, depth: i32): isize {
  let row: isize = 0;
  for (let axis = 0; axis < depth; axis++) {
    const at = <usize>axis << 2;
    const index = load<i32>(indices + at), size = load<i32>(d + at);
    if (<u32>index >= <u32>size) return -1;
    row = row * <isize>size + <isize>index;
  }
  return row;
}

/** y[indices[r], :] += x[r, :], or = x[r, :], for rows of n values of 32 bits. -1, or the number of the first row whose index is out of range. */
export function scatter(kind: i32, x: usize, indices: usize, y: usize, rows: i32, d: usize, depth: i32, n: usize): i32 {
  const whole = n & ~3;
  for (let r = 0; r < rows; r++) {
    const row = place(indices + (<usize>(r * depth) << 2), d, depth);
    if (row < 0) return r;
    const from = x + (<usize>r * n << 2), to = y + (<usize>row * n << 2);
    if (kind == Scatter.Set) {
      memory.copy(to, from, n << 2);
      continue;
    }
    let i: usize = 0;
    if (kind == Scatter.Add) {
      for (; i < whole; i += 4) v128.store(to + (i << 2), f32x4.add(v128.load(to + (i << 2)), v128.load(from + (i << 2))));
      for (; i < n; i++) store<f32>(to + (i << 2), load<f32>(to + (i << 2)) + load<f32>(from + (i << 2)));
    } else {
      for (; i < n; i++) store<i32>(to + (i << 2), load<i32>(to + (i << 2)) + load<i32>(from + (i << 2)));
    }
  }
  return -1;
}

/** y[r, :] = x[indices[r], :] for rows of `bytes`. -1, or the number of the first row whose index is out of range. */
export function gatherRows(x: usize, indices: usize, y: usize, rows: i32, d: usize, depth: i32, bytes: usize): i32 {
  for (let r = 0; r < rows; r++) {
    const row = place(indices + (<usize>(r * depth) << 2), d, depth);
    if (row < 0) return r;
    memory.copy(y + <usize>r * bytes, x + <usize>row * bytes, bytes);
  }
  return -1;
}
