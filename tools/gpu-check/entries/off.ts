/** The largest distance of numbers from what they should be, by the size of the largest of these. */
export function off(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [most, size] = [0, 1e-30];
  for (let i = 0; i < wanted.length; i++) {
    const gap = Math.abs(got[i]! - wanted[i]!);
    most = gap <= most ? most : gap;
    size = Math.max(size, Math.abs(wanted[i]!));
  }
  return got.length === wanted.length ? most / size : Infinity;
}
