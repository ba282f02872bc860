import { StepCounter } from '@gradstream/autodiff';
import { foldIn } from '@gradstream/core';
import { add, dispose, keep, mul, onesLike, tidy, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { BatchCursor, type BatchSource } from './batch-source.js';
import { checkInputs } from './batch-tensors.js';
import { noBatches } from './no-batches.js';
import { Pace } from './pace.js';
import type { TrainingState } from './training-state.js';
import { uploadInputs } from './uploaded-batch.js';

type Values = ReadonlyMap<string, Tensor>;

const WHERE = 'trainer/refreshStatistics';
const STATISTICS = /(^|\/)moving_(mean|variance)$/;

/**
 * Sets the moving statistics of batch normalization to the plain means of the batches' own statistics, over one pass forward in training mode; the number of
 * batches. Layers that are frozen, or renormalize (their statistics depend on each other), keep theirs. Trains nothing and leaves the steps' random numbers
 * alone. Throws `GS_TRAIN_EMPTY` for data without a batch.
 *
 * A layer says `m * old + (1 - m) * batch` and nobody else knows m. It is the difference of what is said for an old value of 1 and of 0, where it has few
 * digits: it is an option.
 */
export async function refreshStatistics(
  state: TrainingState,
  data: BatchSource,
  steps: number | null,
): Promise<number> {
  const cursor = new BatchCursor(data);
  const pace = new Pace('auto');
  const sums = new Map<string, Tensor>();
  const momenta = new Map<string, number>();
  let paths: readonly string[] | undefined;
  let done = 0;
  const counter = new StepCounter();
  try {
    while (steps === null || done < steps) {
      const batch = await cursor.next();
      if (batch === undefined) break;
      const inputs = uploadInputs(state.model, checkInputs(WHERE, state.model, batch).x);
      counter.set(done);
      try {
        if (paths === undefined) {
          paths = await inspected(state, inputs, counter, momenta);
          if (paths.length === 0) return 0;
        }
        const said = updatesFrom(state, inputs, counter, paths, zerosLike);
        for (const path of paths) sums.set(path, plus(sums.get(path), said.get(path)!));
      } finally {
        dispose(inputs);
      }
      done++;
      await pace.breathe();
    }
    if (done === 0) throw noBatches(WHERE);
    for (const [path, sum] of sums) {
      const mean = mul(sum, 1 / (done * (1 - momenta.get(path)!)));
      state.model.tensors[path]!.assign(mean);
      mean.dispose();
    }
    return done;
  } finally {
    dispose([...sums.values()]);
    counter.dispose();
    await cursor.close();
  }
}

/** Finds the statistics that a run updates, and their momenta. */
async function inspected(
  state: TrainingState,
  inputs: readonly Tensor[],
  counter: StepCounter,
  momenta: Map<string, number>,
): Promise<readonly string[]> {
  const all = updatesFrom(state, inputs, counter, [], zerosLike);
  const found = [...all.keys()].filter(
    (path) => STATISTICS.test(path) && !all.has(path.replace(STATISTICS, '$1moving_stddev')),
  );
  dispose([...all.values()]);
  if (found.length === 0) return found;
  const [none, one] = [zerosLike, onesLike].map((value) => updatesFrom(state, inputs, counter, found, value)) as [
    Values,
    Values,
  ];
  for (const path of found) {
    const [low] = await none.get(path)!.data();
    const [high] = await one.get(path)!.data();
    momenta.set(path, Math.round((high! - low!) * 1e5) / 1e5);
  }
  dispose([...none.values(), ...one.values()]);
  // A momentum of 1 never takes anything in: there is nothing to refresh.
  return found.filter((path) => momenta.get(path)! < 1);
}

/** What layers say when these statistics hold a value: all updates where none is named, else theirs. The caller frees them. */
function updatesFrom(
  { model, key }: TrainingState,
  inputs: readonly Tensor[],
  step: StepCounter,
  paths: readonly string[],
  value: (like: Tensor) => Tensor,
): Values {
  const said = new Map<string, Tensor>();
  tidy(() => {
    const held = Object.fromEntries(paths.map((path) => [path, value(model.tensors[path]!)]));
    model.run(inputs, {
      training: true,
      key: foldIn(key, 'statistics'),
      step,
      weights: { ...model.tensors, ...held },
      update: (path, next) => void said.set(path, next),
    });
    for (const [path, next] of said)
      if (paths.length === 0 || paths.includes(path)) keep(next);
      else said.delete(path);
  });
  return said;
}

/** Adds, and frees both. */
function plus(sum: Tensor | undefined, term: Tensor): Tensor {
  if (sum === undefined) return term;
  const total = add(sum, term);
  dispose([sum, term]);
  return total;
}
