/** The value below which a share of the values lies, 0 to 1, interpolated between neighbours as NumPy does; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const [below, above] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!];
  return below + (above - below) * (place - low);
}

/** The value in the middle; NaN for none. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);
