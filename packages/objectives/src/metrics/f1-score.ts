import { fScore, type Average } from './internal/f-score.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `f1Score`. */
export interface F1ScoreOptions extends MetricOptions {
  /** null: a score for each class; `micro`: of all counts; `macro`: the mean of classes; `weighted`: by their targets. Default null. */
  readonly average?: Average;
  /** Predictions above it are positive, in (0, 1]. Default: the largest of each row. */
  readonly threshold?: number | null;
}

/**
 * The harmonic mean of precision and recall, `2 p r / (p + r)`: `fBetaScore` with beta 1. Keras' `F1Score`.
 *
 * Outputs and one-hot targets are [batch, classes]; without an average the result is [classes]. Throws `GS_METRIC_SHAPE` for other shapes.
 */
export function f1Score(options: F1ScoreOptions = {}): Metric {
  const where = 'objectives/f1Score';
  const name = checkMetricOptions(where, options, ['average', 'threshold']);
  return fScore('F1Score', where, name, { ...options, beta: 1 }, {});
}
