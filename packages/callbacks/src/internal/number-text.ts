/** A metric as people read it: four decimals, an exponent where these would hide it. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-3 && size < 1e7) ? value.toFixed(4) : value.toExponential(4);
}
