import { GradstreamError, describeValue, type HostArray, type Logs } from '@gradstream/core';
import type { Example, Fields } from '@gradstream/datasets';
import type { Model } from '@gradstream/layers';
import { keep, reshape, Tensor, tidy, type Scalar } from '@tensorflow/tfjs-core';
import { checkpointError } from '../checkpoint/checkpoint-error.js';
import type { CustomStep, StepBatch, TensorFields } from '../custom-step.js';
import { isHostArray, upload } from './batch-tensors.js';
import type { BatchWork } from './batch-work.js';
import { customTools } from './custom-tools.js';
import type { Observer } from './observer.js';
import type { SavedMeters } from './meters.js';
import { RunningMean, type MeanSums } from './running-mean.js';
import type { TrainingState } from './training-state.js';

/** A step of the user's own on each batch. With an observer it trains, without one it tests. */
export class CustomWork implements BatchWork {
  readonly #means: readonly RunningMean[];

  constructor(
    readonly where: string,
    readonly state: TrainingState,
    readonly step: CustomStep,
    readonly observer?: Observer,
  ) {
    this.#means = step.logs.map(() => new RunningMean());
  }

  take(example: Example): number {
    const { step, state, observer } = this;
    const size = samplesOf(this.where, example);
    const { tools, finish, dispose } = customTools(state, observer);
    try {
      const numbers = tidy(() => {
        const batch = uploadFields(example, size);
        observer?.lookAll('targets', namedTargets(batch.y, state.model.outputs));
        const given = observer === undefined ? step.test!(batch, tools) : step.train(batch, tools);
        const kept = this.#checked(given).map((number) => keep(number) as Scalar);
        finish();
        return kept;
      });
      numbers.forEach((number, index) => this.#means[index]!.add(number, size));
    } finally {
      dispose();
    }
    if (observer !== undefined) state.counter.advance();
    return size;
  }

  lastLoss(): Promise<number> {
    return this.#means[Math.max(0, this.step.logs.indexOf('loss'))]!.last();
  }

  async settle(): Promise<void> {
    if (this.#means[0]!.full) for (const mean of this.#means) await mean.flush();
  }

  async read(): Promise<Logs> {
    const logs: Record<string, number> = {};
    for (const [index, name] of this.step.logs.entries()) logs[name] = await this.#means[index]!.mean();
    return logs;
  }

  async save(): Promise<SavedMeters> {
    const means: MeanSums[] = [];
    for (const mean of this.#means) means.push(await mean.sums());
    return { targets: [], means, metrics: [] };
  }

  restore(saved: SavedMeters | null): void {
    this.reset();
    if (saved === null) return;
    if (saved.means.length !== this.#means.length)
      throw checkpointError('GS_CHECKPOINT_DIFFERS', {
        where: 'trainer/fit resumeFrom',
        what: 'The customStep of the checkpoint logs other numbers than that of this training',
        expected: `${this.#means.length} means`,
        received: `${saved.means.length}`,
        next: 'Compile with the customStep that the checkpoint was made with.',
      });
    this.#means.forEach((mean, index) => mean.restore(saved.means[index]!));
  }

  reset(): void {
    for (const mean of this.#means) mean.reset();
  }

  dispose(): void {
    this.reset();
  }

  #checked(given: unknown): readonly Tensor[] {
    const { logs } = this.step;
    const numbers = (typeof given === 'object' && given !== null ? given : {}) as Readonly<Record<string, unknown>>;
    const names = Object.keys(numbers);
    const wrong = logs.find((name) => !(numbers[name] instanceof Tensor) || (numbers[name] as Tensor).size !== 1);
    const more = names.find((name) => !logs.includes(name));
    if (wrong === undefined && more === undefined) return logs.map((name) => reshape(numbers[name] as Tensor, []));
    throw new GradstreamError('GS_TRAIN_CUSTOM', {
      where: this.where,
      what: 'The customStep gave other numbers than it names in logs',
      expected: `a scalar tensor for each of ${logs.join(', ')}`,
      received: wrong === undefined ? `"${more}" as well` : `${describeValue(numbers[wrong])} for "${wrong}"`,
      next: 'Return one scalar under each name of customStep.logs, for example { loss }.',
    });
  }
}

/** The rows that all arrays of a batch share. */
function samplesOf(where: string, example: Example): number {
  const arrays = (['x', 'y', 'sampleWeight'] as const).flatMap((part): [string, unknown][] => {
    const fields: Fields | undefined = (example as Example | undefined)?.[part];
    if (fields === undefined && part !== 'x') return [];
    if (isHostArray(fields)) return [[part, fields]];
    return Object.entries(fields ?? {}).map(([name, one]) => [`${part}.${name}`, one]);
  });
  const [first] = arrays;
  const size = isHostArray(first?.[1]) ? (first[1].shape[0] ?? 0) : 0;
  const wrong =
    size === 0
      ? (first ?? (['x', undefined] as const))
      : arrays.find(([, one]) => !isHostArray(one) || one.shape[0] !== size);
  if (wrong === undefined) return size;
  throw new GradstreamError('GS_TRAIN_DATA', {
    where,
    what: `A batch's ${wrong[0]} cannot be used`,
    expected:
      size === 0
        ? 'arrays { dtype, shape, values } with the samples in front'
        : `an array with ${size} rows, as ${first![0]}`,
    received: isHostArray(wrong[1]) ? `shape ${wrong[1].shape.join(', ')}` : describeValue(wrong[1]),
    next: 'Batch the dataset, and give every part a row for each sample.',
  });
}

function uploadFields({ x, y, sampleWeight }: Example, size: number): StepBatch {
  const fields = (given: Fields): TensorFields =>
    isHostArray(given)
      ? uploaded(given)
      : Object.fromEntries(Object.entries(given).map(([name, array]) => [name, uploaded(array)]));
  return {
    x: fields(x),
    y: y === undefined ? undefined : fields(y),
    sampleWeight: sampleWeight === undefined ? undefined : fields(sampleWeight),
    size,
  };
}

/** Targets by name; one alone is that of the first output. */
const namedTargets = (y: StepBatch['y'], [first]: Model['outputs']): Readonly<Record<string, Tensor>> =>
  y instanceof Tensor ? { [first!.name]: y } : ((y ?? {}) as Readonly<Record<string, Tensor>>);

const uploaded = (array: HostArray): Tensor => upload(array, array.dtype === 'float32' ? 'float32' : 'int32');
