/** Values in rising order with weights: about as many values lie up to each as the weights up to it add up to. */
export interface Sketch {
  readonly values: readonly number[];
  readonly weights: readonly number[];
}

/** A sketch of nothing. */
export const EMPTY: Sketch = { values: [], weights: [] };

/** A sketch of numbers with about 1 / epsilon values, at even distances in rising order. As Keras' `summarize`. */
export function sketchOf(numbers: ArrayLike<number>, epsilon: number): Sketch {
  const sorted = Float32Array.from(numbers).toSorted();
  const step = Math.max(sorted.length / (1 / epsilon), 1);
  const values: number[] = [];
  const stride = Math.trunc(step);
  for (let at = Math.trunc(step - 1); at < sorted.length; at += stride) values.push(sorted[at]!);
  return { values, weights: values.map(() => step) };
}

/** The sketch of two sketches' values together. */
export function mergeSketches(a: Sketch, b: Sketch, epsilon: number): Sketch {
  const values = [...a.values, ...b.values];
  const weights = [...a.weights, ...b.weights];
  const order = values.map((_, index) => index).toSorted((i, j) => values[i]! - values[j]!);
  return compress({ values: order.map((i) => values[i]!), weights: order.map((i) => weights[i]!) }, epsilon);
}

/** The ends of so many bins with about as many values each; the last bin has none above. */
export function boundariesOf(sketch: Sketch, bins: number): readonly number[] {
  return compress(sketch, 1 / bins).values.slice(0, -1);
}

/** A sketch with about 1 / epsilon values: those between given ones are interpolated. */
function compress(sketch: Sketch, epsilon: number): Sketch {
  if (sketch.values.length * epsilon < 1) return sketch;
  const upTo: number[] = [];
  // Sums and shares in float32, as Keras keeps them: quantiles at ties are then the same.
  let sum = 0;
  for (const weight of sketch.weights) upTo.push((sum = Math.fround(sum + weight)));
  const total = upTo.at(-1)!;
  const shares = upTo.map((part) => Math.fround(part / total));
  const count = Math.ceil(1 / epsilon);
  const asked = Array.from({ length: count }, (_, index) => epsilon + index * epsilon);
  const values = asked.map((share) => Math.fround(interpolate(share, shares, sketch.values)));
  const sums = asked.map((share) => interpolate(share, shares, upTo));
  return { values, weights: sums.map((part, index) => Math.fround(part - (sums[index - 1] ?? 0))) };
}

/** The value at x of the line through points with rising x; that of the first or last point outside of them. */
function interpolate(x: number, xs: readonly number[], ys: readonly number[]): number {
  const behind = xs.findIndex((other) => other > x);
  if (behind === 0) return ys[0]!;
  if (behind < 0) return ys.at(-1)!;
  const [from, to] = [xs[behind - 1]!, xs[behind]!];
  return ys[behind - 1]! + ((x - from) / (to - from)) * (ys[behind]! - ys[behind - 1]!);
}
