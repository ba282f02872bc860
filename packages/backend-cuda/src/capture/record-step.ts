import type { NotRecorded, RecordedStep } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { forgetHalf } from '../internal/half.js';
import type { TypedArray } from '../internal/tensor-data.js';
import { rewrite } from '../internal/upload.js';
import type { Block } from '../memory/pool.js';
import { record, type RecordedBackend, type Recording } from './recording.js';

/** Does a step and records it as a graph: `recordStep` of the backend. A step that cannot be recorded is begun twice, and done once. */
export function recordStep(
  backend: RecordedBackend,
  step: () => void,
  state: () => readonly Tensor[],
  inputs: readonly Tensor[],
): RecordedStep<Tensor> | NotRecorded {
  if (!state().every((x) => backend.data.get(x.dataId).refCount === 1)) {
    step();
    return { reason: 'somebody else has a tensor of the state too' };
  }
  // They go to the device now: what goes there while the step is recorded goes there in each replay.
  for (const x of inputs) backend.writable(x);
  let recording: Recording;
  try {
    recording = record(backend, step, state, true);
  } catch (error) {
    step();
    return { reason: (error as Error).message };
  }
  try {
    recording.replay();
  } catch (error) {
    recording.dispose();
    throw error;
  }
  if (recording.onlyOnce !== undefined) {
    recording.dispose();
    return { reason: recording.onlyOnce };
  }
  const places = state().map((x) => backend.data.get(x.dataId).block);
  return {
    settle: (now) => now.length === places.length && now.every((x, index) => settled(backend, x, places[index])),
    write: (x, values) => rewrite(backend, x, values as TypedArray),
    replay: () => {
      recording.replay();
      return true;
    },
    dispose: () => recording.dispose(),
  };
}

/** Lets a tensor lie at a place of the state, with its own numbers there; false where another one has it still. */
function settled(backend: RecordedBackend, x: Tensor, place: Block | undefined): boolean {
  const data = backend.data.get(x.dataId);
  // What others have too may not be written over.
  if (data.refCount !== 1) return false;
  if (data.block === place) return true;
  if (place?.isWaiting !== true || place.bytes < data.bytes) return false;
  backend.runtime.copy(backend.address(x), place.address, data.bytes);
  const { block } = data;
  place.isWaiting = false;
  data.block = place;
  data.host = undefined;
  forgetHalf(data);
  block?.pool.release(block);
  return true;
}
