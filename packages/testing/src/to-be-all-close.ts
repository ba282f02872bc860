/** Numbers to compare: an array, nested arrays, a typed array, a tensor, or a single number. */
export type Numbers = number | ArrayLike<number> | readonly Numbers[] | { dataSync(): ArrayLike<number> };

/** How close two numbers have to be: `|received - expected| <= absolute + relative * |expected|`. */
export interface Tolerance {
  /** Default 1e-6. */
  readonly absolute?: number;
  /** Default 1e-5. */
  readonly relative?: number;
}

/** The first element that differs by more than the tolerance, or null. NaN equals NaN; infinities equal themselves. */
export function firstDifference(received: Numbers, expected: Numbers, tolerance: Tolerance = {}): string | null {
  const { absolute = 1e-6, relative = 1e-5 } = tolerance;
  const a = flatten(received);
  const b = flatten(expected);
  if (a.length !== b.length) return `${a.length} elements where ${b.length} were expected`;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (Object.is(x, y) || x === y) continue;
    if (!(Math.abs(x - y) <= absolute + relative * Math.abs(y)))
      return `element ${i} is ${x} where ${y} was expected (difference ${Math.abs(x - y)})`;
  }
  return null;
}

/** Throws unless all elements are within the tolerance. */
export function expectAllClose(received: Numbers, expected: Numbers, tolerance: Tolerance = {}): void {
  const difference = firstDifference(received, expected, tolerance);
  if (difference !== null) throw new Error(`Not all close: ${difference}`);
}

function flatten(values: Numbers): number[] {
  if (typeof values === 'number') return [values];
  if (typeof (values as { dataSync?: unknown }).dataSync === 'function')
    return Array.from((values as { dataSync(): ArrayLike<number> }).dataSync());
  return Array.from(values as ArrayLike<Numbers>).flatMap((value) =>
    typeof value === 'number' ? [value] : flatten(value),
  );
}
