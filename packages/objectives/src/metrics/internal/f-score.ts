import { checkChoice, checkNumber, type Json } from '@gradstream/core';
import {
  abs,
  add,
  cast,
  div,
  greater,
  greaterEqual,
  logicalAnd,
  max,
  mean,
  mul,
  stack,
  sum,
  tidy,
  unstack,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { epsilon } from '../../internal/clip-probability.js';
import { filled } from '../../internal/filled.js';
import type { Metric } from '../metric-contract.js';
import { alignWeights } from './align-weights.js';
import { checkRows } from './check-rows.js';
import { addCompensated } from './compensated-sum.js';

/** How the scores of classes become one. */
export type Average = 'micro' | 'macro' | 'weighted' | null;

interface FScoreOptions {
  readonly average?: Average;
  readonly beta: number;
  readonly threshold?: number | null;
}

/** F scores, from the sums of what is right, predicted and there: [3, classes], or [3] for `micro`. */
export function fScore(
  type: string,
  where: string,
  name: string,
  options: FScoreOptions,
  more: Readonly<Record<string, Json>>,
): Metric {
  const { beta } = options;
  const average =
    options.average === undefined || options.average === null
      ? null
      : checkChoice(where, 'average', options.average, ['micro', 'macro', 'weighted']);
  const threshold =
    options.threshold === undefined || options.threshold === null
      ? null
      : checkNumber(where, 'threshold', options.threshold, { min: 0, max: 1, exclusive: 'min' });
  return {
    name,
    direction: 'up',
    config: { type, config: { name, average, ...more, threshold } },
    init: () => (average === 'micro' ? [zeros([3]), zeros([3])] : [zeros([3, 1]), zeros([3, 1])]),
    update: ([sums, lack], yTrue, yPred, sampleWeight) =>
      tidy(() => {
        checkRows(where, yTrue.shape, yPred.shape);
        const targets = cast(yTrue, 'float32');
        const predicted = positives(yPred, threshold);
        const weights = sampleWeight === undefined ? undefined : alignWeights(where, sampleWeight, yPred.shape);
        const axis = average === 'micro' ? undefined : 0;
        const parts = [mul(predicted, targets), predicted, targets];
        const batch = parts.map((part) => sum(weights === undefined ? part : mul(part, weights), axis));
        return addCompensated([sums!, lack!], stack(batch));
      }),
    result: ([sums]) =>
      tidy(() => {
        const [right, predicted, actual] = unstack(sums!) as [Tensor, Tensor, Tensor];
        const small = filled(epsilon);
        const precision = div(right, add(predicted, small));
        const recall = div(right, add(actual, small));
        const square = filled(beta * beta);
        const ratio = div(mul(precision, recall), add(add(mul(square, precision), recall), small));
        const scores = mul(ratio, filled(1 + beta * beta));
        if (average === null) return scores;
        return average === 'weighted' ? sum(mul(scores, div(actual, add(sum(actual), small)))) : mean(scores);
      }),
    ...(average === null ? { resultShape: (outputShape) => [outputShape.at(-1) ?? 1] } : {}),
  };
}

function positives(yPred: Tensor, threshold: number | null): Tensor {
  const positive =
    threshold === null
      ? logicalAnd(greaterEqual(yPred, max(yPred, -1, true)), greater(abs(yPred), filled(1e-9)))
      : greater(yPred, filled(threshold));
  return cast(positive, 'float32');
}
