import { describeValue, GradstreamError } from '@gradstream/core';
import {
  add,
  cast,
  div,
  engine,
  getBackend,
  getKernel,
  mean,
  mul,
  sub,
  sum,
  Tensor,
  tidy,
  zeros,
  type Scalar,
} from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import type { Metric, MetricFunction } from './metric-contract.js';

/** The backend kernel that adds a batch to the state. */
const KERNEL = 'GradstreamRunningMean';

/**
 * The mean of a function over all samples of all batches. A function with several values a sample is averaged inside the sample first, one that
 * gives a scalar counts as that value for each sample of the batch.
 *
 * The state is a float32 sum, the rounding error that it lacks (Kahan), and an int32 count of samples: exact counts up to 2^31, and a relative
 * error below 1e-6 over 10 million samples, where a plain float32 sum of ones stops at 2^24. Without samples the result is NaN (Keras: 0).
 * After a value that is not finite the result stays NaN or infinite. `update` throws `GS_METRIC_RESULT` where the function gives no tensor.
 */
export function meanMetric(name: string, compute: MetricFunction): Metric {
  return {
    name,
    init: () => [zeros([]), zeros([]), zeros([], 'int32')],
    update: ([total, lack, count], yTrue, yPred) =>
      tidy(() => {
        const values = checkResult(name, compute(yTrue, yPred));
        const samples = yPred.shape[0] ?? 1;
        if (values.size === samples && values.rank > 0 && (values.dtype === 'float32' || values.dtype === 'bool')) {
          const fused = runningMean(values, total!, lack!, count!);
          if (fused !== undefined) return fused;
        }
        // Kahan: what the last addition rounded off goes into this one.
        const term = sub(batchSum(values, samples), lack!);
        const newTotal = add(total!, term);
        return [newTotal, sub(sub(newTotal, total!), term), add(count!, filled(samples, 'int32'))];
      }),
    result: ([total, , count]) => tidy(() => div(total!, cast(count!, 'float32')) as Scalar),
  };
}

/** The same in one kernel of the backend; undefined where it has none. */
function runningMean(values: Tensor, total: Tensor, lack: Tensor, count: Tensor): Tensor[] | undefined {
  if ((getKernel(KERNEL, getBackend()) as object | undefined) === undefined) return undefined;
  return engine().runKernel<Tensor[]>(KERNEL, { values, total, lack, count });
}

function batchSum(values: Tensor, samples: number): Tensor {
  const numbers = values.dtype === 'float32' ? values : cast(values, 'float32');
  if (values.size === samples && values.rank > 0) return sum(numbers);
  return mul(values.rank === 0 ? numbers : mean(numbers), filled(samples));
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
