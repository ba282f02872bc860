import type { Rounding } from '../../internal/rounding.js';
import type { CudaRuntime } from '../../internal/runtime.js';
import type { Lt } from './lt.js';
import type { LtProduct } from './plan.js';

/** The largest error, by the largest number, of sums of a hundred products: of float32 numbers, and of numbers that were rounded. */
const TOLERANCE: Readonly<Record<Rounding, number>> = { none: 1e-5, tf32: 5e-3, f16: 5e-3, bf16: 3e-2 };

const [M, N, K] = [88, 136, 96] as const;

/** Each epilogue, and the operands in each order between them. */
const products: readonly Pick<LtProduct, 'epilogue' | 'transpose'>[] = [
  { epilogue: 'bias', transpose: [false, false] },
  { epilogue: 'relu', transpose: [true, false] },
  { epilogue: 'reluBias', transpose: [false, true] },
];

/**
 * Lets cuBLASLt multiply and finish numbers, compares what it gives with sums in float64, and gives what is wrong, or undefined where nothing is. The first row has a
 * NaN in it: a relu that makes 0 of that is not used. It waits for the device, once a start. Throws `LtFailure` where cuBLASLt fails.
 */
export function faultOf(runtime: CudaRuntime, lt: Lt, rounding: Rounding): string | undefined {
  const held = [M * K, K * N, N, M * N].flatMap((size) => runtime.pool.allocateIfThere(size * 4) ?? []);
  try {
    if (held.length < 4) return 'there is no memory for its check';
    const [atA, atB, bias, c] = held.map(({ address }) => address) as [number, number, number, number];
    const [a, b, biases] = [numbers(M * K, 1), numbers(K * N, 2), numbers(N, 3)];
    a[0] = Number.NaN;
    for (const [values, address] of [
      [a, atA],
      [b, atB],
      [biases, bias],
    ] as const)
      runtime.upload(new Uint8Array(values.buffer), address);
    for (const { epilogue, transpose } of products) {
      const at = { a: atA, b: atB, c, bias: epilogue === 'relu' ? 0 : bias };
      const name = `${epilogue}, ${rounding === 'none' ? 'float32' : rounding}`;
      if (!lt.multiply({ sizes: [M, N, K], transpose, rounding, epilogue }, at))
        return `it has no product for a check (${name})`;
      const got = new Float32Array(M * N);
      runtime.downloadNow(c, new Uint8Array(got.buffer));
      const first = got.subarray(0, N);
      if (epilogue !== 'bias' && first.every((value) => value === 0)) lt.keepsNaN = false;
      else if (!first.every(Number.isNaN)) return `its numbers are wrong: NaN is lost in a check (${name})`;
      const off = distance(got, finished(a, b, biases, epilogue, transpose));
      if (!(off <= TOLERANCE[rounding]))
        return `its numbers are wrong: off by ${off.toExponential(1)} of the largest in a check (${name})`;
    }
    return undefined;
  } finally {
    for (const block of held) block.pool.release(block);
  }
}

function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin((index + seed) * 12.9898));
}

/** The rows but the first, in float64. */
function finished(
  a: Float32Array,
  b: Float32Array,
  bias: Float32Array,
  epilogue: LtProduct['epilogue'],
  [transposeA, transposeB]: readonly [boolean, boolean],
): Float64Array {
  const right = new Float64Array(M * N);
  for (let i = 1; i < M; i++)
    for (let j = 0; j < N; j++) {
      let sum = epilogue === 'relu' ? 0 : bias[j]!;
      for (let l = 0; l < K; l++)
        sum += a[transposeA ? l * M + i : i * K + l]! * b[transposeB ? j * K + l : l * N + j]!;
      right[i * N + j] = epilogue === 'bias' ? sum : Math.max(0, sum);
    }
  return right;
}

/** The largest distance of the rows but the first, by the largest number; NaN where a number is none. */
function distance(got: Float32Array, right: Float64Array): number {
  let [most, size] = [0, 0];
  for (let i = N; i < right.length; i++) {
    most = Math.max(most, Math.abs(got[i]! - right[i]!));
    size = Math.max(size, Math.abs(right[i]!));
  }
  return most / size;
}
