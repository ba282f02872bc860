import type { Point } from '../chart/chart.js';

/** Where validation was best before it got worse while training went on to improve. */
export interface OverfittingPoint {
  /** Training steps done. */
  readonly step: number;
  readonly value: number;
}

/** Validations after the best one that have to be worse. */
const LATER = 2;
/** A change has to be more than this share of the values' size. */
const SHARE = 0.01;

/**
 * The point of overfitting: the best validation, where at least two came after it, the mean of these is worse by more than a hundredth, and training has
 * improved since by more than a hundredth. Null where there is none (yet).
 */
export function overfittingPoint(
  training: readonly Point[],
  validation: readonly Point[],
  mode: 'min' | 'max',
): OverfittingPoint | null {
  const sign = mode === 'min' ? 1 : -1;
  const finite = validation.filter(([, value]) => Number.isFinite(value));
  const best = finite.reduce<Point | undefined>(
    (a, b) => (a === undefined || sign * b[1] < sign * a[1] ? b : a),
    undefined,
  );
  if (best === undefined) return null;
  const later = finite.filter(([step]) => step > best[0]).map(([, value]) => value);
  if (later.length < LATER) return null;
  const worse = sign * (mean(later) - best[1]);
  const before = training
    .filter(([step, value]) => step <= best[0] && Number.isFinite(value))
    .map(([, value]) => value);
  const after = training.filter(([step, value]) => step > best[0] && Number.isFinite(value)).map(([, value]) => value);
  if (before.length === 0 || after.length === 0) return null;
  const better = sign * (mean(before.slice(-after.length)) - mean(after));
  const size = (value: number): number => SHARE * Math.max(Math.abs(value), 1e-12);
  return worse > size(best[1]) && better > size(mean(before)) ? { step: best[0], value: best[1] } : null;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
