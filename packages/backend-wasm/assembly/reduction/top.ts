/** True where place a of a row comes before place b: the larger value, of equal ones the first; NaN comes last. */
// @ts-ignore: decorator
@inline
function before(whole: bool, x: usize, a: i32, b: i32): bool {
  if (whole) {
    const va = load<i32>(x + (<usize>a << 2)), vb = load<i32>(x + (<usize>b << 2));
    return va > vb || (va == vb && a < b);
  }
  const va = load<f32>(x + (<usize>a << 2)), vb = load<f32>(x + (<usize>b << 2));
  if (va > vb) return true;
  if (va < vb) return false;
  if (va == vb || (va != va && vb != vb)) return a < b;
  return vb != vb;
}

/** Sinks the place at `root` of a heap whose top is the last in order. */
// @ts-ignore: decorator
@inline
function sink(whole: bool, x: usize, heap: usize, size: i32, root: i32): void {
  const moving = load<i32>(heap + (<usize>root << 2));
  while (true) {
    let child = 2 * root + 1;
    if (child >= size) break;
    if (child + 1 < size && before(whole, x, load<i32>(heap + (<usize>child << 2)), load<i32>(heap + (<usize>(child + 1) << 2)))) child++;
    const other = load<i32>(heap + (<usize>child << 2));
    if (!before(whole, x, moving, other)) break;
    store<i32>(heap + (<usize>root << 2), other);
    root = child;
  }
  store<i32>(heap + (<usize>root << 2), moving);
}

// @ts-ignore: decorator
@inline
function row(whole: bool, x: usize, values: usize, places: usize, n: i32, k: i32): void {
  for (let i = 0; i < k; i++) store<i32>(places + (<usize>i << 2), i);
  for (let root = k / 2 - 1; root >= 0; root--) sink(whole, x, places, k, root);
  for (let i = k; i < n; i++) {
    if (!before(whole, x, i, load<i32>(places))) continue;
    store<i32>(places, i);
    sink(whole, x, places, k, 0);
  }
  // The last in order goes to the end, again and again.
  for (let size = k - 1; size > 0; size--) {
    const top = load<i32>(places);
    store<i32>(places, load<i32>(places + (<usize>size << 2)));
    store<i32>(places + (<usize>size << 2), top);
    sink(whole, x, places, size, 0);
  }
  for (let i: usize = 0; i < <usize>k; i++) store<i32>(values + (i << 2), load<i32>(x + (<usize>load<i32>(places + (i << 2)) << 2)));
}

/** The k largest of each of `rows` rows of n values of 32 bits, in falling order, and their places. k is from 1 to n. */
export function topK(whole: bool, x: usize, values: usize, places: usize, rows: usize, n: i32, k: i32): void {
  for (let r: usize = 0; r < rows; r++) {
    const at = x + (r * <usize>n << 2), to = r * <usize>k << 2;
    if (whole) row(true, at, values + to, places + to, n, k);
    else row(false, at, values + to, places + to, n, k);
  }
}
