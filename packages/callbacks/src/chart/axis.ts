/** An axis: where a value is between its ends, and the values that are written beside it. */
export interface Axis {
  /** 0 at the low end, 1 at the high end. NaN for a value that the scale does not have. */
  place(value: number): number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** An axis for these values. Those that are not finite, or on a logarithmic axis not above 0, do not count. */
export function axisOf(values: readonly number[], scale: 'linear' | 'log', ticks: number): Axis {
  const shown = values.filter((value) => Number.isFinite(value) && (scale === 'linear' || value > 0));
  const low = shown.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = shown.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (shown.length === 0) return linear(0, 1, ticks);
  if (scale === 'log') return logarithmic(low, low === high ? low * 10 : high, ticks);
  // A level curve lies in the middle of its axis.
  const half = low === high ? Math.abs(low) / 2 || 0.5 : 0;
  return linear(low - half, high + half, ticks);
}

function linear(low: number, high: number, count: number): Axis {
  const step = roundStep((high - low) / count);
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  const span = (last - first) * step;
  const digits = Math.max(0, Math.min(12, -Math.floor(Math.log10(step))));
  const label = (value: number): string =>
    Math.abs(value) >= 1e6 || step < 1e-6 ? value.toExponential(2) : value.toFixed(digits);
  return {
    place: (value) => (value - first * step) / span,
    ticks: Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step).map((value) => ({
      value,
      label: label(value),
    })),
  };
}

/** The least of 1, 2 and 5 times a power of ten that is at least as large. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 5, 10].find((factor) => factor * power >= wanted * (1 - 1e-9)) ?? 10) * power;
}

function logarithmic(low: number, high: number, count: number): Axis {
  const [first, last] = [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)];
  const every = Math.max(1, Math.ceil((last - first) / count));
  const powers = Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, index) => first + index * every);
  return {
    place: (value) => (value > 0 ? (Math.log10(value) - first) / (last - first) : Number.NaN),
    ticks: powers.map((power) => ({ value: 10 ** power, label: `1e${power}` })),
  };
}
