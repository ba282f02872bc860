import type { NotRecorded, RecordedStep } from '@gradstream/core';
import type { DataId, Tensor } from '@tensorflow/tfjs-core';
import type { Recorder } from './recorder.js';
import type { Runtime } from './runtime.js';
import type { TensorData } from './tensor-data.js';

/** What it needs of the backend. */
interface Backend {
  readonly runtime: Runtime;
  readonly data: { get(dataId: DataId): TensorData };
  address(x: Tensor): number;
}

/** Where a tensor of the state lay before a step. */
interface Place {
  readonly data: TensorData;
  readonly address: number;
  readonly bytes: number;
}

const SHARED = 'somebody else has a tensor of the state too';

/** Does a step and records it: `recordStep` of the backend. */
export function recordStep(
  backend: Backend,
  step: () => void,
  state: () => readonly Tensor[],
  inputs: readonly Tensor[],
): RecordedStep<Tensor> | NotRecorded {
  const { runtime } = backend;
  const places: Place[] = [];
  const recorder = runtime.record(() => {
    for (const x of state()) {
      const address = backend.address(x);
      const data = backend.data.get(x.dataId);
      if (data.refCount !== 1) runtime.recorder!.refuse(SHARED);
      places.push({ data, address, bytes: data.bytes });
    }
    for (const x of inputs) backend.address(x);
    step();
  });
  const copies = recorder.reason === undefined ? copiesBack(backend, recorder, places, state()) : [];
  const { reason } = recorder;
  if (reason !== undefined) {
    recorder.dispose();
    return { reason };
  }
  const last = (): void => {
    const bytes = new Uint8Array(runtime.memory.buffer);
    for (const { from, to, size } of copies) bytes.copyWithin(to, from, from + size);
  };
  const replay = recorder.end(last);
  last();
  let isOver = false;
  const end = (): void => {
    isOver = true;
    runtime.recordings.delete(end);
    recorder.dispose();
  };
  runtime.recordings.add(end);
  const settle = (now: readonly Tensor[]): boolean =>
    !isOver && now.length === places.length && now.every((x, index) => settled(backend, x, places[index]!));
  if (!settle(state())) throw new Error('The state of a recorded step cannot go back to its place.');
  return {
    settle,
    write: (x, values) => (backend.data.get(x.dataId).values as Float32Array).set(values),
    replay,
    dispose: () => {
      if (!isOver) end();
    },
  };
}

/** The copies that bring what a step put in the place of its state back to where that lay. */
function copiesBack(
  backend: Backend,
  recorder: Recorder,
  places: readonly Place[],
  after: readonly Tensor[],
): { readonly from: number; readonly to: number; readonly size: number }[] {
  const { heap } = backend.runtime;
  if (after.length !== places.length) recorder.refuse('the step leaves another number of tensors of state');
  const copies: { from: number; to: number; size: number }[] = [];
  for (const [index, x] of after.entries()) {
    const place = places[index];
    const data = backend.data.get(x.dataId);
    if (place === undefined || data === place.data || place.bytes === 0) continue;
    if (data.bytes !== place.bytes || data.dtype !== place.data.dtype)
      recorder.refuse('the step changes the size or the type of its state');
    else if (!heap.isWaiting(place.address)) recorder.refuse('the step keeps a tensor of its state beside the new one');
    copies.push({ from: data.address, to: place.address, size: place.bytes });
  }
  return copies;
}

/** Lets a tensor lie at a place of the state, with its own numbers there; false where another one has it still. */
function settled(backend: Backend, x: Tensor, { address, bytes }: Place): boolean {
  const data = backend.data.get(x.dataId);
  // What others have too may not be written over.
  if (data.refCount !== 1) return false;
  if (data.address === address) return true;
  const { heap, memory } = backend.runtime;
  if (!data.inHeap || data.bytes !== bytes || !heap.claim(address)) return false;
  new Uint8Array(memory.buffer).copyWithin(address, data.address, data.address + bytes);
  data.move(heap, address);
  return true;
}
