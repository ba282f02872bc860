/**
 * Orthonormal columns from the columns of a matrix: the Q of its QR decomposition with the signs for which R has no negative diagonal, so that
 * normal random numbers give each orthogonal matrix with the same probability.
 *
 * `matrix` holds `columns` columns of `rows` numbers one after the other (`rows >= columns`) and is overwritten; the result has the same layout.
 * By Householder reflections in float64.
 */
export function orthonormalColumns(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const scales = new Float64Array(columns);
  const signs = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    const reflector = matrix.subarray(j * rows + j, (j + 1) * rows);
    const norm = Math.sqrt(dot(reflector, reflector));
    // The reflection takes the column to -sign(first) * norm, the diagonal of R: no cancellation in `first + sign * norm`.
    const sign = reflector[0]! < 0 ? -1 : 1;
    reflector[0]! += sign * norm;
    signs[j] = norm === 0 ? 1 : -sign;
    scales[j] = norm === 0 ? 0 : 2 / dot(reflector, reflector);
    for (let k = j + 1; k < columns; k++) reflect(matrix.subarray(k * rows + j, (k + 1) * rows), reflector, scales[j]!);
  }
  const result = new Float64Array(rows * columns);
  for (let j = columns - 1; j >= 0; j--) {
    result[j * rows + j] = 1;
    const reflector = matrix.subarray(j * rows + j, (j + 1) * rows);
    for (let k = j; k < columns; k++) reflect(result.subarray(k * rows + j, (k + 1) * rows), reflector, scales[j]!);
  }
  for (let i = 0; i < result.length; i++) result[i]! *= signs[Math.floor(i / rows)]!;
  return result;
}

/** `column - scale * (reflector . column) * reflector`, in place. */
function reflect(column: Float64Array, reflector: Float64Array, scale: number): void {
  const factor = scale * dot(reflector, column);
  for (let i = 0; i < column.length; i++) column[i]! -= factor * reflector[i]!;
}

/** Four sums at a time, since one sum would wait for itself after each addition. */
function dot(a: Float64Array, b: Float64Array): number {
  const fours = a.length - (a.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < fours; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (let i = fours; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}
