import { GradstreamError, type Shape } from '@gradstream/core';
import { metric as findMetric, type Metric, type MetricFunction } from '@gradstream/objectives';

/** A metric as `compile` takes it: by name, as an object, or as a function whose name it gets. */
export type MetricSpec = string | Metric | MetricFunction;

/** A metric under the name that its values have in the logs. */
export interface NamedMetric {
  readonly name: string;
  readonly metric: Metric;
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
    return { name: typeof spec === 'string' ? spec : metric.name, metric };
  });
  const names = metrics.map(({ name }) => name);
  const twice = names.find((name, index) => name === 'loss' || names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new GradstreamError('GS_METRIC_NAME', {
      where,
      what: 'Two values in the logs would have the same name',
      expected: 'unique names, none of them "loss"',
      received: `"${twice}"${twice === 'loss' ? '' : ' twice'}`,
      next: 'Rename the function, or leave one of them out.',
    });
  }
  return metrics;
}
