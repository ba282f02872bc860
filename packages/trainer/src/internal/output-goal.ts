import { activationName } from '@gradstream/activations';
import { describeValue, GradstreamError, suggest, type Shape } from '@gradstream/core';
import type { Layer, Model, ModelOutput } from '@gradstream/layers';
import { loss as findLoss, type Loss, type LossSpec } from '@gradstream/objectives';
import type { MetricSpec } from './named-metrics.js';

/** What training wants of one of a model's outputs. */
export interface OutputGoal {
  readonly name: string;
  readonly shape: Shape;
  /** None for an output that is only looked at. */
  readonly loss: Loss | undefined;
  /** Factor of its loss in the total. */
  readonly weight: number;
  readonly metrics: readonly MetricSpec[];
  /** Metrics that the sample weights count in. */
  readonly weightedMetrics?: readonly MetricSpec[];
}

/** Metrics of one output in a list, or of several: a list for each in their order, or a record by their names. */
export type MetricsByOutput =
  | readonly MetricSpec[]
  | readonly (readonly MetricSpec[])[]
  | Readonly<Record<string, MetricSpec | readonly MetricSpec[]>>;

/** One thing for every output, or some for each: in the order of the outputs, or by their names. */
export type ByOutput<T> = T | readonly (T | null)[] | Readonly<Record<string, T | null>>;

/** What `compile` was told about the outputs. */
export interface GoalOptions {
  readonly loss: ByOutput<LossSpec>;
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>> | undefined;
  readonly metrics?: MetricsByOutput | undefined;
  readonly weightedMetrics?: MetricsByOutput | undefined;
}

/** True for an output that targets are compared with. */
export function wantsTargets({ loss, metrics, weightedMetrics = [] }: OutputGoal): boolean {
  return loss !== undefined || metrics.length + weightedMetrics.length > 0;
}

/** Sorts losses, their weights and metrics by output. Throws for names that no output has, lists of another length, and a loss that does not fit an output. */
export function outputGoals(where: string, model: Model, options: GoalOptions): readonly OutputGoal[] {
  const { outputs } = model;
  const losses = lossesByOutput(where, outputs, options.loss);
  const weights = byOutput(where, 'lossWeights', outputs, options.lossWeights ?? outputs.map(() => 1), () => 1);
  const metrics = metricsByOutput(where, 'metrics', outputs, options.metrics ?? []);
  const weighted = metricsByOutput(where, 'weightedMetrics', outputs, options.weightedMetrics ?? []);
  if (losses.every((loss) => loss === undefined))
    throw refused(where, 'loss', 'a loss for at least one output', 'none');
  return outputs.map(({ name, shape }, index) => {
    const spec = losses[index];
    const loss = spec === undefined ? undefined : findLoss(spec);
    if (loss !== undefined) {
      checkReduces(where, loss);
      loss.checkOutput?.(shape, outputActivation(model, index));
    }
    const weight = weights[index] as number;
    if (!Number.isFinite(weight) || weight < 0)
      throw refused(where, 'lossWeights', 'finite numbers, at least 0', describeValue(weight));
    return { name, shape, loss, weight, metrics: metrics[index]!, weightedMetrics: weighted[index]! };
  });
}

/** The targets' shape as a loss takes them, before there is data. */
export function targetShape({ shape, loss }: OutputGoal): Shape {
  return loss?.targetDtype === 'int32' ? shape.slice(0, -1) : shape;
}

function lossesByOutput(
  where: string,
  outputs: readonly ModelOutput[],
  given: ByOutput<LossSpec>,
): readonly (LossSpec | undefined)[] {
  const isOne =
    typeof given !== 'object' || given === null || (!Array.isArray(given) && ('call' in given || 'type' in given));
  if (isOne) {
    // A loss that is missing is told by the lookup.
    const one = findLoss(given as LossSpec);
    return outputs.map(() => one);
  }
  const found = byOutput<LossSpec | null | undefined>(
    where,
    'loss',
    outputs,
    given as Readonly<Record<string, LossSpec | null>>,
    () => undefined,
  );
  return found.map((loss) => loss ?? undefined);
}

function metricsByOutput(
  where: string,
  option: string,
  outputs: readonly ModelOutput[],
  given: MetricsByOutput,
): readonly (readonly MetricSpec[])[] {
  if (typeof given !== 'object' || given === null) throw refused(where, option, 'a list', describeValue(given));
  const nested = Array.isArray(given) && given.some((entry) => Array.isArray(entry));
  if (Array.isArray(given) && !nested && outputs.length === 1) return [given as readonly MetricSpec[]];
  if (Array.isArray(given) && given.length === 0) return outputs.map(() => []);
  if (Array.isArray(given) && !nested) {
    throw refused(
      where,
      option,
      `a list of metrics for each of ${outputs.map(({ name }) => name).join(', ')}, or a record by these names`,
      'one list',
    );
  }
  const found = byOutput(
    where,
    option,
    outputs,
    given as Readonly<Record<string, MetricSpec | readonly MetricSpec[]>>,
    () => [],
  );
  return found.map((entry) => (Array.isArray(entry) ? (entry as readonly MetricSpec[]) : [entry as MetricSpec]));
}

function byOutput<T>(
  where: string,
  option: string,
  outputs: readonly ModelOutput[],
  given: readonly T[] | Readonly<Record<string, T>>,
  missing: () => T,
): readonly T[] {
  const names = outputs.map(({ name }) => name);
  if (Array.isArray(given)) {
    if (given.length === outputs.length) return given as readonly T[];
    throw refused(where, option, `${outputs.length}, for ${names.join(', ')}`, `a list of ${given.length}`);
  }
  if (typeof given !== 'object' || given === null)
    throw refused(where, option, 'a list or a record', describeValue(given));
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = suggest(unknown, names);
    throw new GradstreamError('GS_TRAIN_OUTPUT', {
      where,
      what: `The option "${option}" names an output that the model does not have`,
      expected: names.join(', '),
      received: `"${unknown}"`,
      next: near === undefined ? 'Use the names of model.outputs.' : `Did you mean "${near}"?`,
    });
  }
  const record = given as Readonly<Record<string, T>>;
  return names.map((name) => (Object.hasOwn(record, name) ? record[name]! : missing()));
}

/** The name of the activation that an output went through, where it is one of the library. */
function outputActivation(model: Model, index: number): string | undefined {
  const { node, output } = model.outputs[index]!.from;
  const layer: Layer | undefined = model.nodes[node]?.layer;
  if (layer === undefined) return undefined;
  if ('nodes' in layer) return outputActivation(layer as Model, output);
  return layer.activation === undefined ? undefined : activationName(layer.activation);
}

/** Throws `GS_TRAIN_REDUCTION` for a loss that gives many values where training needs one. */
function checkReduces(where: string, loss: Loss): void {
  if (loss.reduction !== 'none') return;
  throw new GradstreamError('GS_TRAIN_REDUCTION', {
    where,
    what: `The loss "${loss.name}" gives many values, and training needs one`,
    expected: 'a loss with the reduction sumOverBatchSize, sum or meanWithSampleWeight',
    received: 'the reduction none',
    next: 'Leave the reduction out.',
  });
}

function refused(where: string, option: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${option}" has a value that cannot be used`,
    expected,
    received,
    next: `Give "${option}" by output, in order or by name.`,
  });
}
