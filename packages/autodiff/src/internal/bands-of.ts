/** The numbers of a matrix that count: for each row the first column, their number, and `taps` places for the bits of the weights. */
export interface Bands {
  readonly to: number;
  readonly taps: number;
  readonly bands: Int32Array;
}

/** What lies between the first and the last number of each row that is not 0, of a matrix `[to, from]`. */
export function bandsOf(matrix: Float32Array, [to, from]: readonly [number, number]): Bands {
  const firsts = new Int32Array(to);
  const counts = new Int32Array(to);
  for (let row = 0; row < to; row++) {
    let [first, end] = [0, from];
    while (first < end && matrix[row * from + first] === 0) first++;
    while (end > first && matrix[row * from + end - 1] === 0) end--;
    firsts[row] = first === from ? 0 : first;
    counts[row] = end - first;
  }
  const taps = counts.reduce((most, count) => Math.max(most, count), 0);
  const bands = new Int32Array(to * (taps + 2));
  const weights = new Float32Array(bands.buffer);
  for (let row = 0; row < to; row++) {
    const at = row * (taps + 2);
    const start = row * from + firsts[row]!;
    bands[at] = firsts[row]!;
    bands[at + 1] = counts[row]!;
    weights.set(matrix.subarray(start, start + counts[row]!), at + 2);
  }
  return { to, taps, bands };
}
