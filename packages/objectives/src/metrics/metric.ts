import { describeValue, GradstreamError, lookup, type Config, type Shape } from '@gradstream/core';
import { namedLosses } from '../losses/loss.js';
import { metricClasses, namedMetrics } from './internal/metric-classes.js';
import { meanMetric } from './mean-metric.js';
import type { Metric, MetricFunction } from './metric-contract.js';

/** What a metric is for: the output's shape and the targets', with the batch in front. */
export interface MetricContext {
  readonly outputShape: Shape;
  readonly targetShape: Shape;
}

/** Everything that `metric` makes a metric of. */
export type MetricSpec = string | Metric | MetricFunction | Config;

type Kind = 'Binary' | 'SparseCategorical' | 'Categorical';

/**
 * The metric of a name, of a config, of a plain function `(yTrue, yPred) => Tensor` (named as the function), or the metric itself, given back as it is.
 *
 * Names are those of the functions here, of Keras' classes (`AUC`), in snake_case too (`mean_io_u`), Keras' short ones (`mse`), every loss, and
 * `accuracy`/`acc` and `crossentropy`/`ce`, which choose by shape as Keras does: an output of width 1 is binary; targets of lower rank or width 1 are
 * class indices; else categorical. The metric has the name it was asked for, and default options. A config is `{ type, config }`, as `metric.config`
 * has it: Keras' class name and settings in camelCase; Keras' own has a `dtype`, which has to be float32 or one of whole numbers. Throws `GS_METRIC_UNKNOWN`, and `GS_METRIC_NAME` for a function without a name.
 */
export function metric(spec: MetricSpec, context: MetricContext): Metric {
  const where = 'objectives/metric';
  if (typeof spec === 'string') return named(spec, context);
  if (typeof spec === 'function') return ofFunction(where, spec);
  if (isConfig(spec)) {
    const factory = lookup(metricClasses, spec.type, { code: 'GS_METRIC_UNKNOWN', where, kind: 'class of metrics' });
    return factory(withoutDtype(where, spec.config) as never);
  }
  const { name, init, update, result } = (spec ?? {}) as Partial<Metric>;
  if (typeof name === 'string' && [init, update, result].every((part) => typeof part === 'function'))
    return spec as Metric;
  throw unknownMetric(
    where,
    spec,
    'Pass a name, a config, a named function (yTrue, yPred) => Tensor, or an object that fits the interface Metric.',
  );
}

function ofFunction(where: string, spec: MetricFunction): Metric {
  const factories: unknown[] = [...Object.values(metricClasses), ...Object.values(namedLosses)];
  if (factories.includes(spec))
    throw unknownMetric(where, spec, `Call it: ${spec.name}(), or use the name "${spec.name}".`);
  if (spec.name !== '') return meanMetric(spec.name, spec);
  throw new GradstreamError('GS_METRIC_NAME', {
    where,
    what: 'A metric function has no name, so there is nothing to report it under',
    expected: 'a function with a name',
    received: 'an anonymous function',
    next: 'Give the function a name, or wrap it: meanMetric("name", function).',
  });
}

/** Makes a metric that is reported under a name, for an output. */
type Named = (name: string, context: MetricContext) => Metric;

const chosen =
  (suffix: string): Named =>
  (name, context) =>
    metricClasses[`${kindOf(context)}${suffix}`]!({ name } as never);
const NAMED: Readonly<Record<string, Named>> = {
  ...Object.fromEntries(
    Object.entries(namedLosses).map(([key, loss]): [string, Named] => [
      key,
      (name) => ({ ...meanMetric(name, loss().call), direction: 'down' }),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(namedMetrics).map(([key, factory]): [string, Named] => [key, (name) => factory({ name } as never)]),
  ),
  crossentropy: chosen('Crossentropy'),
  ce: chosen('Crossentropy'),
  accuracy: chosen('Accuracy'),
  Accuracy: chosen('Accuracy'),
  acc: chosen('Accuracy'),
};

function named(name: string, context: MetricContext): Metric {
  const make = lookup(NAMED, name, { code: 'GS_METRIC_UNKNOWN', where: 'objectives/metric', kind: 'metric' });
  return make(name, context);
}

function kindOf({ outputShape, targetShape }: MetricContext): Kind {
  if (outputShape.at(-1) === 1) return 'Binary';
  return targetShape.length < outputShape.length || targetShape.at(-1) === 1 ? 'SparseCategorical' : 'Categorical';
}

function isConfig(value: unknown): value is Config {
  const { type, config } = (value ?? {}) as Partial<Config>;
  return typeof type === 'string' && typeof config === 'object' && config !== null;
}

/** Metrics are computed in float32; Keras writes that down, and whole numbers for its matrices of counts. */
const DTYPES = ['float32', 'int', 'int32', 'int64'];

function withoutDtype(where: string, { dtype, ...config }: Config['config']): Config['config'] {
  const name = isConfig(dtype) ? dtype.config['name'] : dtype;
  if (name === undefined || name === null || DTYPES.includes(name as string)) return config;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The metric is one of another type',
    expected: 'dtype: float32',
    received: describeValue(name),
    next: 'Leave dtype out: sums are kept in float32 without losing digits.',
  });
}

function unknownMetric(where: string, received: unknown, next: string): GradstreamError {
  return new GradstreamError('GS_METRIC_UNKNOWN', {
    where,
    what: 'This is no metric',
    expected: 'a name, a function of targets and predictions, or an object with name, init, update and result',
    received: describeValue(received),
    next,
  });
}
