import { checkFunction, checkNumber, checkOptions } from '@gradstream/core';
import { backend as activeBackend, dispose, getBackend, keep, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, TensorContainer } from '@tensorflow/tfjs-core';
import { CudaBackend } from '../cuda-backend.js';
import { rewrite } from '../internal/upload.js';
import { record, type Recording } from './recording.js';

/** Options of `captureStep`. */
export interface CaptureOptions {
  /** The tensors that each step replaces by new ones, in the same order each time: weights, the optimizer's state. What a step changes in place need not be here. */
  readonly state?: () => readonly Tensor[];
  /** How many steps run before one is recorded, so that everything is in place: at least 1, which is the default. */
  readonly warmUp?: number;
}

/** A training step that is replayed as a whole, or, where that cannot be, run as it is. */
export interface CapturedStep<R> {
  /** True where steps are replays. */
  readonly isCaptured: boolean;
  /** Why steps are not replays. */
  readonly reason: string | undefined;
  /** What the last step gave; it changes with the next one, and is the step's own. */
  readonly results: R;
  /** Does one step. */
  run(): void;
  /** Gives a tensor that the step reads other numbers for the next step: a batch, a counter. In the order of the steps; the host does not wait. */
  write(x: Tensor, values: Float32Array | Int32Array | Uint8Array): void;
  /** Frees what was recorded and the results. */
  dispose(): void;
}

const WHERE = 'backend-cuda/captureStep';

/**
 * Records a whole training step, forward, backward and the optimizer, as a CUDA graph, which is then started with one call instead of one for each kernel.
 *
 * `step` is run `warmUp` times, recorded, and the record is run once: calls of `captureStep` and of `run` are steps like any other. A step has to do the same work on
 * tensors of the same shapes each time, and must not read numbers back; it is given new ones with `write`. Where it cannot be recorded, because it copies between
 * host and device or because another backend is active, `reason` says why and `run` calls `step`. Captured and eager steps give the same numbers.
 *
 * Throws `GS_OPTION_*` for wrong options, and what `step` throws when it is run.
 */
export function captureStep<R extends TensorContainer>(step: () => R, options: CaptureOptions = {}): CapturedStep<R> {
  checkFunction(WHERE, 'step', step);
  checkOptions(WHERE, options, ['state', 'warmUp']);
  const { state = () => [], warmUp = 1 } = options;
  checkFunction(WHERE, 'state', state);
  checkNumber(WHERE, 'warmUp', warmUp, { min: 1, integer: true });
  const eager = new Eager(step);
  for (let count = 0; count < warmUp; count++) eager.run();
  const backend = activeBackend();
  if (!(backend instanceof CudaBackend)) return withReason(eager, `the active backend is ${getBackend()}, not cuda`);
  let results: R | undefined;
  let recording: Recording;
  try {
    recording = record(backend, () => void (results = keptResults(step)), state);
  } catch (error) {
    dispose(results);
    return withReason(eager, (error as Error).message, backend);
  }
  dispose(eager.results);
  try {
    recording.replay();
  } catch (error) {
    recording.dispose();
    dispose(results);
    throw error;
  }
  return {
    isCaptured: true,
    reason: undefined,
    results: results!,
    run: () => recording.replay(),
    write: (x, values) => rewrite(backend, x, values),
    dispose: () => {
      recording.dispose();
      dispose(results);
    },
  };
}

const keptResults = <R extends TensorContainer>(step: () => R): R => tidy(() => keptAll(step()));

function keptAll<R extends TensorContainer>(results: R): R {
  const visit = (value: TensorContainer): void => {
    if (value === null || typeof value !== 'object') return;
    if ('dataId' in value) keep(value as Tensor);
    else for (const part of Object.values(value)) visit(part as TensorContainer);
  };
  visit(results);
  return results;
}

/** Steps that are run as they are. */
class Eager<R extends TensorContainer> {
  results!: R;
  readonly #step: () => R;

  constructor(step: () => R) {
    this.#step = step;
  }

  run(): void {
    const old = this.results;
    this.results = keptResults(this.#step);
    dispose(old);
  }
}

function withReason<R extends TensorContainer>(
  eager: Eager<R>,
  reason: string,
  backend?: CudaBackend,
): CapturedStep<R> {
  try {
    eager.run();
  } catch (error) {
    // Nobody else has what the step before gave.
    dispose(eager.results);
    throw error;
  }
  return {
    isCaptured: false,
    reason,
    get results() {
      return eager.results;
    },
    run: () => eager.run(),
    write: (x, values) => rewrite(backend, x, values),
    dispose: () => dispose(eager.results),
  };
}
