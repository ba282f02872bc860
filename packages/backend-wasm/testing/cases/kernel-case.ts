import { randomNumbers } from '../binaries.js';

/** Elements of a tensor with its shape and type. */
export interface Values {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly values: ArrayLike<number>;
}

/** What a result has to be, in float64. */
export type Expected = Pick<Values, 'shape' | 'values'> & Partial<Pick<Values, 'dtype'>>;

/** One call of a kernel and what it gives. */
export interface KernelCase {
  readonly inputs: Readonly<Record<string, Values>>;
  readonly attrs?: object;
  /** The results; `cpu`: what the kernel of tfjs-backend-cpu gives, for kernels that compute nothing. */
  readonly outputs: readonly Expected[] | 'cpu';
  /** Inputs that the kernel writes, with what they are afterwards; every other one has to stay as it was. */
  readonly changes?: Readonly<Record<string, Expected>>;
  /** How far a result may be off, by its own size and apart from it; nothing: the float32 nearest to what is expected. */
  readonly tolerance?: Tolerance;
}

/** `relative * |expected| + absolute`. */
export interface Tolerance {
  readonly relative?: number;
  readonly absolute?: number;
}

/** The cases of kernels by their names. They are made when they are asked for. */
export type CasesByKernel = Readonly<Record<string, () => readonly KernelCase[]>>;

/** Sizes around one, two, four and eight vectors, around nothing, and one of several units of work. */
export const LENGTHS: readonly number[] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 33_001];

/** Numbers at the edges of float32. */
export const SPECIALS: readonly number[] = [
  ...[0, -0, 1, -1, NaN, Infinity, -Infinity, 0.5, -0.5, 3.5, -2.25, 6, 1e-40, -1e-40, 2 ** -149, 1.5 * 2 ** -126],
  ...[1e30, -1e30, 3.4e38, -3.4e38, 88.5, -88.5, -103.5, 1e-8, -1e-8, 2 ** 24 + 2, -(2 ** 31)],
];

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Float32 numbers in [-scale, scale), the same for the same seed. */
export function floats(shape: readonly number[], seed = 1, scale = 1): Values {
  return { shape, dtype: 'float32', values: randomNumbers(sizeOf(shape), seed).map((value) => value * scale) };
}

/** The same with a special number at every second place. */
export function specialFloats(shape: readonly number[], seed = 1, scale = 8): Values {
  const values = randomNumbers(sizeOf(shape), seed).map((value, index) =>
    index % 2 === 0 ? value * scale : SPECIALS[((index >> 1) * seed) % SPECIALS.length]!,
  );
  return { shape, dtype: 'float32', values };
}

/** Whole numbers from `low` to below `high`. */
export function wholes(shape: readonly number[], low: number, high: number, seed = 1): Values {
  const values = Int32Array.from(randomNumbers(sizeOf(shape), seed), (value) =>
    Math.floor(low + ((value + 1) / 2) * (high - low)),
  );
  return { shape, dtype: 'int32', values };
}

/** True and false, as 1 and 0. */
export function truths(shape: readonly number[], seed = 1): Values {
  return { shape, dtype: 'bool', values: Uint8Array.from(randomNumbers(sizeOf(shape), seed), (x) => Number(x > 0)) };
}

/** The derivative by x of the sum of `weights * f(x)`, in float64 by central differences: what a gradient kernel has to give. */
export function slopeOf(
  f: (x: Float64Array) => ArrayLike<number>,
  x: ArrayLike<number>,
  weights: ArrayLike<number>,
): Float64Array {
  const at = Float64Array.from(x);
  return at.map((value, index) => {
    const step = 1e-4 * Math.max(1, Math.abs(value));
    const [above, below] = [value + step, value - step].map((moved) => {
      at[index] = moved;
      return f(at);
    });
    at[index] = value;
    let sum = 0;
    for (let place = 0; place < weights.length; place++) sum += weights[place]! * (above![place]! - below![place]!);
    return sum / (2 * step);
  });
}
