import { describeValue, GradstreamError, lookup, type Shape } from '@gradstream/core';
import { namedLosses } from '../losses/loss.js';
import { binaryAccuracy } from './binary-accuracy.js';
import { categoricalAccuracy } from './categorical-accuracy.js';
import { meanMetric } from './mean-metric.js';
import type { Metric, MetricFunction } from './metric-contract.js';
import { sparseCategoricalAccuracy } from './sparse-categorical-accuracy.js';

/** What a metric is for: the output's shape and the targets', with the batch in front. */
export interface MetricContext {
  readonly outputShape: Shape;
  readonly targetShape: Shape;
}

const accuracies = { binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy };
const accuracyNames = {
  binary: 'binaryAccuracy',
  categorical: 'categoricalAccuracy',
  sparse: 'sparseCategoricalAccuracy',
} as const;
const crossentropies = {
  binary: 'binaryCrossentropy',
  categorical: 'categoricalCrossentropy',
  sparse: 'sparseCategoricalCrossentropy',
} as const;

/**
 * The metric of a name, of a plain function `(yTrue, yPred) => Tensor` (named as the function), or the metric itself, given back as it is.
 *
 * Names: the three accuracies, every loss (`mse`), and `accuracy`/`acc` and `crossentropy`/`ce`, which choose by shape as Keras does: an
 * output of width 1 is binary; targets of lower rank or width 1 are class indices; else categorical. The metric has the name it was asked for.
 * Throws `GS_METRIC_UNKNOWN`, and `GS_METRIC_NAME` for a function without a name.
 */
export function metric(spec: string | Metric | MetricFunction, context: MetricContext): Metric {
  if (typeof spec === 'string') return named(spec, context);
  const where = 'objectives/metric';
  if (typeof spec === 'function') {
    const factories: unknown[] = [...Object.values(accuracies), ...Object.values(namedLosses)];
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
  const { name, init, update, result } = (spec ?? {}) as Partial<Metric>;
  if (typeof name === 'string' && [init, update, result].every((part) => typeof part === 'function')) return spec;
  throw unknownMetric(
    where,
    spec,
    'Pass a name, a named function (yTrue, yPred) => Tensor, or an object that fits the interface Metric.',
  );
}

function named(name: string, context: MetricContext): Metric {
  const kind = kindOf(context);
  const ofLoss = (lossName: string) => (): Metric => meanMetric(name, namedLosses[lossName]!().call);
  const accuracy = (): Metric => accuracies[accuracyNames[kind]]({ name });
  const table: Record<string, () => Metric> = {
    accuracy,
    acc: accuracy,
    crossentropy: ofLoss(crossentropies[kind]),
    ce: ofLoss(crossentropies[kind]),
    ...Object.fromEntries(Object.entries(accuracies).map(([key, make]) => [key, (): Metric => make({ name })])),
    ...Object.fromEntries(Object.keys(namedLosses).map((key) => [key, ofLoss(key)])),
  };
  return lookup(table, name, { code: 'GS_METRIC_UNKNOWN', where: 'objectives/metric', kind: 'metric' })();
}

function kindOf({ outputShape, targetShape }: MetricContext): 'binary' | 'sparse' | 'categorical' {
  if (outputShape.at(-1) === 1) return 'binary';
  return targetShape.length < outputShape.length || targetShape.at(-1) === 1 ? 'sparse' : 'categorical';
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
