import type { Callback, HostArray } from '@gradstream/core';
import { keep, type Tensor } from '@tensorflow/tfjs-core';
import type { BatchCursor } from '../../internal/batch-source.js';
import type { BatchWork } from '../../internal/batch-work.js';
import type { Ending } from '../../internal/ending.js';
import { toDevice, toHost } from '../../internal/host-tensors.js';
import type { LoopPosition } from '../../internal/loop-position.js';
import type { RunRecord } from '../../internal/run-record.js';
import type { StopWatch } from '../../internal/stop-watch.js';
import type { TrainingState } from '../../internal/training-state.js';
import type { ValidationSchedule } from '../../internal/validation-schedule.js';
import { putRequests, takeRequests, type Keepers } from '../../internal/requests.js';
import type { WeightSlots } from '../../internal/weight-slots.js';
import { callbackStates } from './callback-states.js';
import {
  modelNumbers,
  modelPrefix,
  modelTensors,
  optimizerFrom,
  optimizerTensors,
  putModel,
  type NamedHostArrays,
} from './model-snapshot.js';
import type { RunState } from './run-state.js';
import { putWindows, windowNumbers, windowTensors } from './window-snapshot.js';

/** Everything of a run that a checkpoint holds, live. */
export interface RunParts {
  readonly state: TrainingState;
  readonly slots: WeightSlots;
  readonly work: BatchWork;
  readonly cursor: BatchCursor;
  readonly position: LoopPosition;
  readonly watch: StopWatch;
  readonly schedule: ValidationSchedule | undefined;
  readonly record: RunRecord;
  readonly ending: Ending;
  readonly callbacks: readonly Callback[];
  readonly keepers: Keepers;
  /** The epoch to stop before. */
  readonly epochs: number;
}

/** A run's state at a moment between two steps. */
export async function takeRun(
  parts: RunParts,
): Promise<{ readonly run: RunState; readonly tensors: Map<string, HostArray> }> {
  const { state, slots, work, cursor, position, watch, schedule, record, ending, epochs } = parts;
  const models = [state, ...state.others];
  const { all } = slots;
  const { observer } = parts.keepers;
  const windows = windowNumbers(observer);
  const onDevice: [string, Tensor][] = [
    ...models.flatMap((model, index) => modelTensors(model, modelPrefix(index))),
    ...all.flatMap(({ model, content: { weights, progress } }, index) => [
      ...models[model]!.model.weights.map(({ path }, at): [string, Tensor] => [
        `slots/${index}/weights/${path}`,
        weights[at]!,
      ]),
      ...(progress === undefined ? [] : optimizerTensors(progress.optimizerState, `slots/${index}/`)),
    ]),
    ...windowTensors(observer),
  ];
  const tensors = new Map<string, HostArray>();
  for (const [name, tensor] of onDevice) tensors.set(name, await toHost(tensor));
  const meters = await work.save();
  meters?.metrics.forEach((states, metric) =>
    states.forEach((array, index) => tensors.set(`metrics/${metric}/${index}`, array)),
  );
  const message = ending.byCallback;
  const { low, high } = state.key;
  return {
    tensors,
    run: {
      seed: state.seed,
      key: { low, high },
      position: { ...position, elapsed: watch.elapsed, ...cursor.position },
      models: models.map(modelNumbers),
      slots: all.map(({ name, model, content: { progress } }) => ({
        name,
        model,
        progress: progress === undefined ? null : { accumulation: progress.accumulation, steps: progress.steps },
      })),
      meters:
        meters === null
          ? null
          : {
              targets: meters.targets.map((shape) => shape ?? null),
              means: meters.means,
              metrics: meters.metrics.map(({ length }) => length),
            },
      // Copies: it may be written later, when training has gone on.
      history: structuredClone(record.history),
      logs: record.logs,
      validated: record.validated,
      lastValidation: schedule?.lastTime ?? 0,
      ended: message === null ? null : { message, epochs },
      observed: takeRequests(parts.keepers),
      windows,
      callbacks: structuredClone(callbackStates(parts.callbacks)),
    },
  };
}

/** Puts a run where a checkpoint was, but for the callbacks' states. The tensors were checked. */
export function putRun(parts: RunParts, run: RunState, tensors: NamedHostArrays): void {
  const { state, slots, work, cursor, position, watch, schedule, record, ending, epochs } = parts;
  const { pass, batch, ...place } = run.position;
  const models = [state, ...state.others];
  models.forEach((model, index) => putModel(model, modelPrefix(index), run.models[index]!, tensors));
  slots.dispose();
  run.slots.forEach(({ name, model, progress }, index) => {
    const prefix = `slots/${index}/`;
    const trained = models[model]!;
    const weights = trained.model.weights.map(({ path }) => keep(toDevice(tensors.get(`${prefix}weights/${path}`)!)));
    const kept = progress && {
      ...progress,
      optimizer: trained.optimizerFor(progress.accumulation),
      optimizerState: optimizerFrom(tensors, prefix),
    };
    slots.put({ name, model, content: { weights, progress: kept ?? undefined } });
  });
  const { meters } = run;
  work.restore(
    meters === null
      ? null
      : {
          targets: meters.targets.map((shape) => shape ?? undefined),
          means: meters.means,
          metrics: meters.metrics.map((count, metric) =>
            Array.from({ length: count }, (_, index) => tensors.get(`metrics/${metric}/${index}`)!),
          ),
        },
  );
  cursor.goTo({ pass, batch });
  Object.assign(position, place);
  watch.set(place.elapsed);
  if (schedule !== undefined) schedule.lastTime = run.lastValidation;
  record.restore(run);
  putRequests(parts.keepers, parts.callbacks, run.callbacks, run.observed);
  putWindows(parts.keepers.observer, run.windows, tensors);
  // Who asks for more epochs than were to be trained then wants to go on.
  if (run.ended !== null && epochs <= run.ended.epochs) ending.ask('callback', run.ended.message);
}
