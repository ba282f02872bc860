import { GradstreamError, type Shape } from '@gradstream/core';
import { metric as findMetric, type Metric, type MetricSpec } from '@gradstream/objectives';
import { resultNames } from './result-names.js';

export type { MetricSpec };

/** A metric under the name that its values have in the logs. */
export interface NamedMetric {
  readonly name: string;
  readonly metric: Metric;
  /** The names of its numbers in the logs: its own, or `name_0`, `name_1`. */
  readonly outputs: readonly string[];
}

/** Finds the metrics for shapes of outputs and targets. A metric given by name keeps that name in the logs, as in Keras. */
export function namedMetrics(
  where: string,
  specs: readonly MetricSpec[],
  outputShape: Shape,
  targetShape: Shape,
): NamedMetric[] {
  const metrics = specs.map((spec) => {
    const metric = findMetric(spec, { outputShape, targetShape });
    const name = typeof spec === 'string' ? spec : metric.name;
    return { name, metric, outputs: resultNames(name, metric.resultShape?.(outputShape) ?? []) };
  });
  checkUnique(
    where,
    metrics.flatMap(({ outputs }) => outputs),
  );
  return metrics;
}

/** Throws `GS_METRIC_NAME` where two values would have one name. */
export function checkUnique(where: string, names: readonly string[]): void {
  const twice = names.find((name, index) => name === 'loss' || names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new GradstreamError('GS_METRIC_NAME', {
    where,
    what: 'Two values in the logs would have the same name',
    expected: 'unique names, none of them "loss"',
    received: `"${twice}"${twice === 'loss' ? '' : ' twice'}`,
    next: 'Rename the function, or leave one of them out.',
  });
}
