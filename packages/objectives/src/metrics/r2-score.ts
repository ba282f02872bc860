import { checkChoice, checkNumber } from '@gradstream/core';
import {
  add,
  cast,
  div,
  divNoNan,
  equal,
  fill,
  greater,
  mean,
  mul,
  onesLike,
  reshape,
  slice,
  square,
  sub,
  sum,
  tidy,
  where as select,
  zeros,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { alignValues } from './internal/align-values.js';
import { alignWeights } from './internal/align-weights.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { checkRows } from './internal/check-rows.js';
import { addCompensated } from './internal/compensated-sum.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `r2Score`. */
export interface R2ScoreOptions extends MetricOptions {
  /** How outputs are averaged: evenly, by their targets' variance, or not at all (null). Default `uniformAverage`. */
  readonly classAggregation?: 'uniformAverage' | 'varianceWeightedAverage' | null;
  /** Independent variables of the regression, for the adjusted score; 0 for the plain one. Default 0. */
  readonly numRegressors?: number;
}

/**
 * The coefficient of determination, `1 - sum(w (y - p)^2) / sum(w (y - mean y)^2)`: 1 is perfect, 0 as good as the mean. Keras' `R2Score`.
 *
 * Outputs are [batch, width] (targets [batch] go with width 1); without aggregation the result is [width]. With regressors p and n values, as Keras
 * counts them over all outputs, it is `1 - (1 - r2)(n - 1) / (n - p - 1)`, the plain score where n is not above p + 1.
 * Constant targets give 0, or NaN where predictions are exact, and no samples NaN, as in Keras. Variances are of the distances from the first
 * target, merged by batches (Chan, Golub and LeVeque 1983): no digits are lost where targets are far from 0, as in Keras' difference of
 * sums, which float32 makes a quarter wrong for targets around 1000 with a deviation of 1.5.
 * Throws `GS_METRIC_SHAPE` for other shapes.
 */
export function r2Score(options: R2ScoreOptions = {}): Metric {
  const where = 'objectives/r2Score';
  const name = checkMetricOptions(where, options, ['classAggregation', 'numRegressors']);
  const aggregation =
    options.classAggregation === null
      ? null
      : checkChoice(where, 'classAggregation', options.classAggregation ?? 'uniformAverage', [
          'uniformAverage',
          'varianceWeightedAverage',
        ]);
  const numRegressors = checkNumber(where, 'numRegressors', options.numRegressors ?? 0, { min: 0, integer: true });
  return {
    name,
    direction: 'up',
    config: { type: 'R2Score', config: { name, classAggregation: aggregation, numRegressors } },
    // Weight of the targets, the first one, mean and squared deviations of what is above it; squared residuals and what they lack; how many values.
    init: () => [...Array.from({ length: 6 }, () => zeros([1, 1])), zeros([], 'int32')],
    update: ([weight, origin, average, spread, residual, lack, count], yTrue, yPred, sampleWeight) =>
      tidy(() => {
        const y = alignValues(where, yTrue, yPred);
        checkRows(where, y.shape, yPred.shape);
        const near = select(equal(count!, filled(0, 'int32')), slice(y, [0, 0], [1, y.shape[1]!]), origin!);
        // The first target: differences to it are exact for targets near each other, and 0 for constant ones.
        const above = sub(y, near);
        const ones = onesLike(y);
        const w = sampleWeight === undefined ? ones : mul(ones, alignWeights(where, sampleWeight, y.shape));
        const batchWeight = sum(w, 0, true);
        const batchAverage = divNoNan(sum(mul(w, above), 0, true), batchWeight);
        const batchSpread = sum(mul(w, square(sub(above, batchAverage))), 0, true);
        const total = add(weight!, batchWeight);
        const apart = sub(batchAverage, average!);
        const share = divNoNan(batchWeight, total);
        return [
          total,
          near,
          add(average!, mul(apart, share)),
          add(add(spread!, batchSpread), mul(mul(square(apart), weight!), share)),
          ...addCompensated([residual!, lack!], sum(mul(w, square(sub(y, yPred))), 0, true)),
          add(count!, filled(y.size, 'int32')),
        ];
      }),
    result: ([weight, , , spread, residual, , count]) =>
      tidy(() => {
        const scores = reshape(scoresOf(weight!, spread!, residual!), [-1]);
        return adjusted(aggregated(scores, reshape(spread!, [-1]), aggregation), count!, numRegressors);
      }),
    ...(aggregation === null ? { resultShape: (outputShape) => [outputShape.at(-1) ?? 1] } : {}),
  };
}

/** The score of each output. */
function scoresOf(weight: Tensor, spread: Tensor, residual: Tensor): Tensor {
  const ratio = div(residual, spread);
  const infinite = equal(ratio, filled(Number.POSITIVE_INFINITY));
  const scores = select(infinite, zerosLike(ratio), sub(filled(1), ratio));
  return select(equal(weight, filled(0)), fill(scores.shape, Number.NaN), scores);
}

function aggregated(scores: Tensor, spread: Tensor, aggregation: R2ScoreOptions['classAggregation']): Tensor {
  if (aggregation === null) return scores;
  return aggregation === 'varianceWeightedAverage' ? div(sum(mul(spread, scores)), sum(spread)) : mean(scores);
}

function adjusted(score: Tensor, count: Tensor, numRegressors: number): Tensor {
  if (numRegressors === 0) return score;
  const n = cast(count, 'float32');
  const free = sub(n, filled(numRegressors + 1));
  const better = sub(filled(1), div(mul(sub(filled(1), score), sub(n, filled(1))), free));
  return select(
    reshape(
      greater(free, filled(0)),
      score.shape.map(() => 1),
    ),
    better,
    score,
  );
}
