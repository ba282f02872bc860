import { describeValue, GradstreamError } from '@gradstream/core';
import {
  add,
  cast,
  div,
  divNoNan,
  engine,
  getBackend,
  getKernel,
  greater,
  mean,
  mul,
  sub,
  sum,
  Tensor,
  tidy,
  where,
  zeros,
  type Scalar,
} from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { alignWeights } from './internal/align-weights.js';
import { addCompensated } from './internal/compensated-sum.js';
import type { Metric, MetricFunction } from './metric-contract.js';

/** The backend kernel that adds a batch to the state. */
const KERNEL = 'GradstreamRunningMean';

/**
 * The mean of a function over all samples of all batches: `sum(w * value) / sum(w)`. Keras' `MeanMetricWrapper`. A function with several values a
 * sample is averaged inside the sample first, one that gives a scalar counts as that value for each sample of the batch (Keras: as one sample).
 *
 * Weights may be as deep as the values; what they are not deep enough for is averaged before. A scalar weighs the whole batch, as in Keras.
 * The state is two compensated float32 sums, of weighted values and of weights, and int32 counts of all samples and of those that had a weight:
 * exact counts up to 2^31, and a relative error below 1e-6 over 10 million samples, where a plain float32 sum of ones stops at 2^24. Without samples
 * the result is NaN (Keras: 0), with weights of 0 alone it is 0. After a value that is not finite the result stays NaN or infinite.
 * `update` throws `GS_METRIC_RESULT` where the function gives no tensor and `GS_METRIC_WEIGHT` for weights that do not fit.
 */
export function meanMetric(name: string, compute: MetricFunction): Metric {
  return {
    name,
    init: () => [zeros([]), zeros([]), zeros([], 'int32'), zeros([]), zeros([]), zeros([], 'int32')],
    update: ([total, lack, count, weight, weightLack, weighted], yTrue, yPred, sampleWeight) =>
      tidy(() => {
        const values = checkResult(name, compute(yTrue, yPred));
        const samples = (values.rank === 0 ? yPred : values).shape[0] ?? 1;
        const more = (): Tensor => filled(samples, 'int32');
        if (sampleWeight === undefined) {
          const sums = runningMean(values, total!, lack!, count!, samples) ?? [
            ...addCompensated([total!, lack!], batchSum(values, samples)),
            add(count!, more()),
          ];
          return [...sums, weight!, weightLack!, weighted!];
        }
        const batch = weightedSums(`objectives/metric "${name}"`, values, samples, sampleWeight);
        return [
          ...addCompensated([total!, lack!], batch.total),
          add(count!, more()),
          ...addCompensated([weight!, weightLack!], batch.weight),
          add(weighted!, more()),
        ];
      }),
    result: ([total, , count, weight, weightLack, weighted]) =>
      tidy(() => {
        const divisor = add(cast(sub(count!, weighted!), 'float32'), sub(weight!, weightLack!));
        // Without samples 0/0, with weights of 0 alone Keras' 0.
        return where(greater(count!, filled(0, 'int32')), divNoNan(total!, divisor), div(total!, divisor)) as Scalar;
      }),
  };
}

const asFloat = (values: Tensor): Tensor => (values.dtype === 'float32' ? values : cast(values, 'float32'));

/** The same in one kernel of the backend, for one value a sample; undefined where it has none. */
function runningMean(
  values: Tensor,
  total: Tensor,
  lack: Tensor,
  count: Tensor,
  samples: number,
): Tensor[] | undefined {
  if (values.size !== samples || values.rank === 0 || (values.dtype !== 'float32' && values.dtype !== 'bool'))
    return undefined;
  if ((getKernel(KERNEL, getBackend()) as object | undefined) === undefined) return undefined;
  return engine().runKernel<Tensor[]>(KERNEL, { values, total, lack, count });
}

function batchSum(values: Tensor, samples: number): Tensor {
  const numbers = asFloat(values);
  if (values.size === samples && values.rank > 0) return sum(numbers);
  return mul(values.rank === 0 ? numbers : mean(numbers), filled(samples));
}

/** The sums of weighted values and of weights of a batch, each as means inside of a sample. */
function weightedSums(
  place: string,
  values: Tensor,
  samples: number,
  sampleWeight: Tensor,
): { readonly total: Tensor; readonly weight: Tensor } {
  const numbers = asFloat(values);
  if (sampleWeight.rank === 0) {
    const weight = asFloat(sampleWeight);
    return { total: mul(mean(numbers), weight), weight };
  }
  if (values.rank === 0) {
    const weights = alignWeights(place, sampleWeight, [samples, ...sampleWeight.shape.slice(1)]);
    const weight = mul(sum(weights), filled(samples / weights.size));
    return { total: mul(numbers, weight), weight };
  }
  const weights = alignWeights(place, sampleWeight, values.shape);
  const inSample = values.size / samples;
  const total = sum(mul(numbers, weights));
  return {
    total: inSample === 1 ? total : mul(total, filled(1 / inSample)),
    weight: weights.size === samples ? sum(weights) : mul(sum(weights), filled(samples / weights.size)),
  };
}

function checkResult(name: string, value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  throw new GradstreamError('GS_METRIC_RESULT', {
    where: `objectives/metric "${name}"`,
    what: 'The metric function does not give a tensor',
    expected: 'a tensor: values for each sample, or a scalar',
    received: describeValue(value),
    next: 'Compute it with tfjs functions, without reading a value back, and return the tensor.',
  });
}
