import {
  describeShape,
  GradstreamError,
  isGradstreamError,
  type HostArray,
  type Logs,
  type Shape,
} from '@gradstream/core';
import type { Metric } from '@gradstream/objectives';
import { dispose, keep, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { checkpointError } from '../checkpoint/checkpoint-error.js';
import { toDevice, toHost } from './host-tensors.js';
import { checkUnique, namedMetrics, type MetricSpec, type NamedMetric } from './named-metrics.js';
import type { OutputGoal } from './output-goal.js';
import type { ComparedBatch, ObjectiveValue } from './objective.js';
import { resultNames } from './result-names.js';
import { RunningMean, type MeanSums } from './running-mean.js';

/** What meters hold in the middle of a pass: sums of means, and each metric's state. */
export interface SavedMeters {
  /** The shapes of the targets, batches of any size in front: metrics by name may depend on them. */
  readonly targets: readonly (Shape | undefined)[];
  readonly means: readonly MeanSums[];
  readonly metrics: readonly (readonly HostArray[])[];
}

/** Where a metric gets its numbers from. */
interface OutputMetric extends NamedMetric {
  readonly output: number;
  readonly metric: Metric;
  /** Whether the sample weights count in it. */
  readonly weighted: boolean;
}

/**
 * Losses and metrics of a pass over data: they stay on the device until they are read. A model with one output has `loss` and its metrics; one with several has
 * `loss`, then `NAME_loss` of each output, then `NAME_METRIC`, as in Keras; metrics that count sample weights come last.
 */
export class Meters {
  readonly #goals: readonly OutputGoal[];
  readonly #lossNames: readonly string[];
  readonly #losses: readonly RunningMean[];
  readonly #metrics: readonly OutputMetric[];
  readonly #targets: readonly (Shape | undefined)[];
  #states: Tensor[][];

  /** `targetShapes` are those of the first batch: metrics by name may depend on them. */
  constructor(where: string, goals: readonly OutputGoal[], targetShapes: readonly (Shape | undefined)[]) {
    this.#goals = goals;
    this.#targets = targetShapes;
    this.#lossNames = lossNames(goals);
    this.#losses = this.#lossNames.map(() => new RunningMean());
    this.#metrics = outputMetrics(where, goals, targetShapes);
    this.#states = this.#metrics.map(({ metric }) => metric.init());
  }

  /** Checks a batch's targets on the host, as far as the metrics care. */
  check(targets: readonly (HostArray | undefined)[]): void {
    for (const { metric, output } of this.#metrics) metric.check?.(targets[output]!, this.#goals[output]!.shape);
  }

  /** Adds a batch. Takes the total over, and the parts where `wantsParts`; leaves targets and outputs to the caller. */
  add(value: ObjectiveValue, compared: ComparedBatch, size: number): void {
    this.addLosses(value, size);
    this.addMetrics(compared);
  }

  /** Adds a batch's losses, which it takes over. */
  addLosses({ total, parts }: ObjectiveValue, size: number): void {
    this.#losses[0]!.add(total, size);
    if (this.wantsParts) parts.forEach((part, index) => this.#losses[1 + index]!.add(part, size));
  }

  /** Adds a batch to the metrics: work of the device. */
  addMetrics({ targets, outputs, sampleWeights }: ComparedBatch): void {
    if (this.#metrics.length === 0) return;
    this.#states = this.#metrics.map(({ metric, output, weighted }, index) => {
      const old = this.#states[index]!;
      const weight = weighted ? sampleWeights?.[output] : undefined;
      const next = updated(metric, () => tidy(() => metric.update(old, targets[output]!, outputs[output]!, weight)));
      // The caller may be inside a tidy of its own.
      for (const state of next) keep(state);
      dispose(old.filter((state) => !next.includes(state)));
      return next;
    });
  }

  /** What the metrics hold on the device: one list until it is another one. */
  get states(): readonly (readonly Tensor[])[] {
    return this.#states;
  }

  /** Whether the losses of single outputs are read, or only their sum. */
  get wantsParts(): boolean {
    return this.#losses.length > 1;
  }

  /** The total of the batch that was added last. To be asked for before `settle`. */
  lastLoss(): Promise<number> {
    return this.#losses[0]!.last();
  }

  /** Keeps the number of values on the device bounded. */
  async settle(): Promise<void> {
    if (this.#losses[0]!.full) for (const loss of this.#losses) await loss.flush();
  }

  /** The means so far: losses first, then the metrics. */
  async read(): Promise<Logs> {
    const logs: Record<string, number> = {};
    for (const [index, name] of this.#lossNames.entries()) logs[name] = await this.#losses[index]!.mean();
    for (const [index, { name, metric }] of this.#metrics.entries()) {
      const result = tidy(() => metric.result(this.#states[index]!));
      const values = await result.data();
      resultNames(name, result.shape).forEach((key, place) => (logs[key] = values[place]!));
      if (!this.#states[index]!.includes(result)) result.dispose();
    }
    return logs;
  }

  /** What they hold, for a checkpoint. */
  async save(): Promise<SavedMeters> {
    const means: MeanSums[] = [];
    for (const loss of this.#losses) means.push(await loss.sums());
    const metrics: HostArray[][] = [];
    for (const states of this.#states) metrics.push(await Promise.all(states.map(toHost)));
    return { targets: this.#targets, means, metrics };
  }

  /** Goes on from what was saved. Throws `GS_CHECKPOINT_DIFFERS` where that was saved by other meters. */
  restore({ means, metrics }: SavedMeters): void {
    const shapes = (states: readonly (readonly Pick<HostArray, 'dtype' | 'shape'>[])[]): string =>
      states.map((of) => of.map(({ dtype, shape }) => `${dtype} ${describeShape(shape)}`).join(', ')).join('; ');
    const own = this.#states as unknown as readonly (readonly HostArray[])[];
    if (means.length !== this.#losses.length || shapes(metrics) !== shapes(own)) {
      throw checkpointError('GS_CHECKPOINT_DIFFERS', {
        where: 'trainer/fit resumeFrom',
        what: 'The metrics of the checkpoint are others than those of this training',
        expected: `${this.#losses.length} means and states ${shapes(own)}`,
        received: `${means.length} and ${shapes(metrics)}`,
        next: 'Compile with the losses and metrics that the checkpoint was made with.',
      });
    }
    this.reset();
    this.#losses.forEach((loss, index) => loss.restore(means[index]!));
    dispose(this.#states.flat());
    this.#states = metrics.map((states) => states.map((state) => keep(toDevice(state))));
  }

  reset(): void {
    for (const loss of this.#losses) loss.reset();
    dispose(this.#states.flat());
    this.#states = this.#metrics.map(({ metric }) => metric.init());
  }

  dispose(): void {
    for (const loss of this.#losses) loss.reset();
    dispose(this.#states.flat());
    this.#states = [];
  }
}

/** What a metric throws, with its name where it does not say it itself. */
function updated<T>({ name }: Metric, update: () => T): T {
  try {
    return update();
  } catch (error) {
    if (isGradstreamError(error)) throw error;
    throw new GradstreamError('GS_TRAIN_METRIC', {
      where: `trainer/metric "${name}"`,
      what: 'The metric cannot be computed of these targets and outputs',
      expected: 'a metric that fits the shapes of the batch',
      received: error instanceof Error ? error.message : String(error),
      next: 'Try it alone on tensors of these shapes, or leave it out.',
      cause: error,
    });
  }
}

/** The names that losses and metrics have in the logs, in their order. Throws `GS_METRIC_NAME` where two would be the same. */
export function logNames(
  where: string,
  goals: readonly OutputGoal[],
  targetShapes: readonly (Shape | undefined)[],
): string[] {
  return [...lossNames(goals), ...outputMetrics(where, goals, targetShapes).flatMap(({ outputs }) => outputs)];
}

/** Shapes of targets for batches of any size. */
export function anyBatch(targets: readonly (HostArray | undefined)[]): readonly (Shape | undefined)[] {
  return targets.map((target) => (target === undefined ? undefined : [null, ...target.shape.slice(1)]));
}

function lossNames(goals: readonly OutputGoal[]): readonly string[] {
  if (goals.length === 1) return ['loss'];
  return ['loss', ...goals.filter(({ loss }) => loss !== undefined).map(({ name }) => `${name}_loss`)];
}

function outputMetrics(
  where: string,
  goals: readonly OutputGoal[],
  targetShapes: readonly (Shape | undefined)[],
): readonly OutputMetric[] {
  const several = goals.length > 1;
  const named = (specs: readonly MetricSpec[], output: number, weighted: boolean): OutputMetric[] =>
    specs.length === 0
      ? []
      : namedMetrics(where, specs, goals[output]!.shape, targetShapes[output]!).map((one) => ({
          ...one,
          output,
          weighted,
        }));
  const plain = goals.flatMap(({ metrics }, output) => named(metrics, output, false));
  const taken = new Set(plain.map(({ output, name }) => `${output} ${name}`));
  const weighted = goals
    .flatMap(({ weightedMetrics = [] }, output) => named(weightedMetrics, output, true))
    // As Keras names them: a weighted metric that is there without weights too says so.
    .map((one) => (taken.has(`${one.output} ${one.name}`) ? renamed(one, `weighted_${one.name}`) : one));
  const all = [...plain, ...weighted].map((one) =>
    several ? renamed(one, `${goals[one.output]!.name}_${one.name}`) : one,
  );
  checkUnique(
    where,
    all.flatMap(({ outputs }) => outputs),
  );
  return all;
}

function renamed(one: OutputMetric, name: string): OutputMetric {
  return { ...one, name, outputs: one.outputs.map((key) => `${name}${key.slice(one.name.length)}`) };
}
