import { floats, type CasesByKernel } from './kernel-case.js';

/** Sizes of the dimensions behind the one that changes: single values, parts of vectors, several vectors, several units. */
const INNER = [1, 3, 4, 16, 21, 4099] as const;

/** For each row of the result the first row that counts, and the weights. */
const ROWS: readonly (readonly [first: number, weights: readonly number[]])[] = [
  [0, [1]],
  [1, [0.25, 0.75]],
  [0, []],
  [2, [-0.5, 0, 1.5]],
];
const [FROM, TAPS] = [5, 3];

/** The words that the kernel reads: first row, number of rows, weights as bits. */
function bandsOf(): Int32Array {
  const bands = new Int32Array(ROWS.length * (TAPS + 2));
  const bits = new Float32Array(bands.buffer);
  ROWS.forEach(([first, weights], row) => {
    bands.set([first, weights.length], row * (TAPS + 2));
    bits.set(weights, row * (TAPS + 2) + 2);
  });
  return bands;
}

/** Weighted sums of neighbouring rows. */
export const resampleCases: CasesByKernel = {
  GradstreamResample: () =>
    INNER.flatMap((inner) =>
      [0, 1, 3].map((outer) => {
        const x = floats([outer, FROM, inner], 5);
        const shape = [outer, ROWS.length, inner];
        const values = new Float64Array(outer * ROWS.length * inner);
        for (let at = 0; at < values.length; at++) {
          const [image, row, column] = [
            Math.floor(at / (ROWS.length * inner)),
            Math.floor(at / inner) % ROWS.length,
            at % inner,
          ];
          const [first, weights] = ROWS[row]!;
          weights.forEach((weight, tap) => {
            values[at]! += weight * x.values[(image * FROM + first + tap) * inner + column]!;
          });
        }
        const attrs = { to: ROWS.length, taps: TAPS, bands: bandsOf() };
        return { inputs: { x }, attrs, outputs: [{ shape, values }], tolerance: { relative: 1e-6, absolute: 1e-6 } };
      }),
    ),
};
