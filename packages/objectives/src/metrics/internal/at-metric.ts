import { checkNumber } from '@gradstream/core';
import { add, divNoNan, greaterEqual, max, where as select, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { filled } from '../../internal/filled.js';
import type { Metric, MetricOptions } from '../metric-contract.js';
import { checkMetricOptions, checkOptionalInteger } from './check-metric-options.js';
import type { Counts } from './threshold-buckets.js';
import { thresholdMetric } from './threshold-metric.js';

/** The options that metrics "this at that" have in common. */
export interface AtOptions extends MetricOptions {
  /** How many evenly spaced thresholds are tried, from 0 to 1; a single one is 0.5. Default 200. */
  readonly numThresholds?: number;
  /** Only this class counts. Default: all classes, flattened. */
  readonly classId?: number | null;
}

/** Shares of the counts at each threshold. */
export const shares = {
  recall: ({ tp, fn }: Counts): Tensor => divNoNan(tp, add(tp, fn)),
  precision: ({ tp, fp }: Counts): Tensor => divNoNan(tp, add(tp, fp)),
  specificity: ({ tn, fp }: Counts): Tensor => divNoNan(tn, add(tn, fp)),
};

/** The largest `wanted` among the thresholds at which `given` is at least the option of the name `option`; 0 where there is none. */
export function atMetric(
  type: string,
  where: string,
  option: string,
  options: AtOptions,
  parts: { readonly given: (counts: Counts) => Tensor; readonly wanted: (counts: Counts) => Tensor },
): Metric {
  const name = checkMetricOptions(where, options, [option, 'numThresholds', 'classId']);
  const limit = checkNumber(where, option, (options as Readonly<Record<string, unknown>>)[option], { min: 0, max: 1 });
  const numThresholds = checkNumber(where, 'numThresholds', options.numThresholds ?? 200, { min: 1, integer: true });
  const classId = checkOptionalInteger(where, 'classId', options.classId, 0);
  const even = numThresholds > 1;
  const values = even ? Array.from({ length: numThresholds }, (_, index) => index / (numThresholds - 1)) : [0.5];
  return thresholdMetric({
    type,
    name,
    where,
    direction: 'up',
    settings: { [option]: limit, numThresholds, classId },
    thresholds: { values, even, open: false },
    classId,
    result: (counts) => {
      const wanted = parts.wanted(counts);
      return max(select(greaterEqual(parts.given(counts), filled(limit)), wanted, zerosLike(wanted)));
    },
  });
}
