import { checkNumber } from '@gradstream/core';
import { fScore, type Average } from './internal/f-score.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `fBetaScore`. */
export interface FBetaScoreOptions extends MetricOptions {
  /** null: a score for each class; `micro`: of all counts; `macro`: the mean of classes; `weighted`: by their targets. Default null. */
  readonly average?: Average;
  /** How much more recall counts than precision. Above 0. Default 1. */
  readonly beta?: number;
  /** Predictions above it are positive, in (0, 1]. Default: the largest of each row. */
  readonly threshold?: number | null;
}

/**
 * The weighted harmonic mean of precision and recall, `(1 + beta^2) p r / (beta^2 p + r)`, each divided with 1e-7 added. Keras' `FBetaScore`.
 *
 * Outputs and one-hot targets are [batch, classes]; without an average the result is [classes]. Without a threshold all that equal the largest of
 * their row are positive, unless it is 0. Sums are compensated; weights are [batch].
 * Throws `GS_METRIC_SHAPE` for other shapes.
 */
export function fBetaScore(options: FBetaScoreOptions = {}): Metric {
  const where = 'objectives/fBetaScore';
  const name = checkMetricOptions(where, options, ['average', 'beta', 'threshold']);
  const beta = checkNumber(where, 'beta', options.beta ?? 1, { min: 0, exclusive: 'min' });
  return fScore('FBetaScore', where, name, { ...options, beta }, { beta });
}
