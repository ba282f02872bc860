import { GradstreamError } from '@gradstream/core';
import type { DataId, Tensor } from '@tensorflow/tfjs-core';
import { check } from '../driver/driver-error.js';
import type { Address, Handle } from '../driver/driver.js';
import { forgetHalf } from '../internal/half.js';
import type { CudaRuntime } from '../internal/runtime.js';
import type { TensorData } from '../internal/tensor-data.js';
import type { Block, Pool } from '../memory/pool.js';

/** A stream that records may still take memory: steps take it from a pool of their own. */
const RELAXED = 2;

/** What a recording needs of the backend. */
export interface RecordedBackend {
  readonly runtime: CudaRuntime;
  readonly data: { has(dataId: DataId): boolean; get(dataId: DataId): TensorData };
  touched: Set<Block> | undefined;
  address(x: Tensor): Address;
  writable(x: Tensor): Address;
  touch(block: Block): void;
}

/** A recorded step: a graph of launches and copies, with the memory that belongs to it. */
export interface Recording {
  /** Does what was recorded, in the order of the stream. */
  replay(): void;
  dispose(): void;
  /** Why it is good for one replay alone: what the step put in the place of its state cannot lie there. Only where that was allowed. */
  readonly onlyOnce: string | undefined;
}

/** The data behind a tensor of the backend. */
const dataOf = (backend: RecordedBackend, x: Tensor): TensorData => backend.data.get(x.dataId);

/**
 * Records what `step` starts on the device, without doing it. `state` gives the tensors that the step replaces, in the same order before and after it: what
 * it puts in their place is copied back to where the first ones lie, and lies there afterwards.
 *
 * `mayBeOnce` allows a recording of a step whose state changes its form: once it is replayed, that step is done.
 *
 * Throws what `step` throws, and `GS_CUDA_CAPTURE` or `GS_CUDA_DRIVER` where it cannot be recorded; the state's numbers are then what they were before.
 */
export function record(
  backend: RecordedBackend,
  step: () => void,
  state: () => readonly Tensor[],
  mayBeOnce = false,
): Recording {
  const { runtime } = backend;
  const { driver, stream } = runtime;
  const before = state().map((x) => {
    // What the host knows of it is no more true after a replay.
    backend.writable(x);
    return { data: dataOf(backend, x), block: dataOf(backend, x).block };
  });
  const pool = runtime.newPool();
  const touched = new Set<Block>();
  check(driver, driver.cuStreamBeginCapture_v2(stream, RELAXED), 'cuStreamBeginCapture');
  runtime.pool = pool;
  runtime.capturing = true;
  backend.touched = touched;
  const graph: [Handle] = [0];
  let failure: unknown;
  let onlyOnce: unknown;
  try {
    // The places of the state are the recording's, whether the step reads them or not.
    for (const { block } of before) if (block !== undefined) backend.touch(block);
    step();
    onlyOnce = attempt(() => copyBack(backend, before, state()));
    if (onlyOnce !== undefined && !mayBeOnce) failure = onlyOnce;
  } catch (error) {
    failure = error;
  } finally {
    // A recording is ended whatever happened in it, else the stream would record for ever.
    const error = driver.cuStreamEndCapture(stream, graph);
    runtime.pool = runtime.mainPool;
    runtime.capturing = false;
    backend.touched = undefined;
    if (failure === undefined && error !== 0) failure = attempt(() => check(driver, error, 'cuStreamEndCapture'));
  }
  // Nothing was done yet, so where the state lay before are the numbers of before.
  if (onlyOnce === undefined || failure !== undefined) {
    const isBound = attempt(() => bind(backend, before, state()));
    failure ??= isBound;
  }
  const executable: [Handle] = [0];
  if (failure === undefined)
    failure = attempt(() =>
      check(driver, driver.cuGraphInstantiateWithFlags(executable, Number(graph[0]), 0), 'cuGraphInstantiate'),
    );
  if (Number(graph[0]) !== 0) driver.cuGraphDestroy(Number(graph[0]));
  if (failure !== undefined) {
    letGo(touched);
    runtime.closePool(pool);
    throw failure;
  }
  return recording(backend, Number(executable[0]), pool, touched, (onlyOnce as Error | undefined)?.message);
}

function recording(
  backend: RecordedBackend,
  executable: Handle,
  pool: Pool,
  touched: Set<Block>,
  onlyOnce: string | undefined,
): Recording {
  const { runtime } = backend;
  let isDisposed = false;
  return {
    onlyOnce,
    replay: () => runtime.replay(executable),
    dispose: () => {
      if (isDisposed) return;
      isDisposed = true;
      if (runtime.isDisposed) return;
      runtime.driver.cuStreamSynchronize(runtime.stream);
      runtime.driver.cuGraphExecDestroy(executable);
      letGo(touched);
      runtime.closePool(pool);
    },
  };
}

interface Before {
  readonly data: TensorData;
  readonly block: Block | undefined;
}

/** Appends copies of what took the place of a tensor of the state to where that one lies. */
function copyBack(backend: RecordedBackend, before: readonly Before[], after: readonly Tensor[]): void {
  if (after.length !== before.length) throw changed(`${before.length} tensors before, ${after.length} after`);
  for (const [index, x] of after.entries()) {
    const [old, data] = [before[index]!, dataOf(backend, x)];
    if (old.data === data || old.block === undefined) continue;
    if (data.length !== old.data.length || data.dtype !== old.data.dtype)
      throw changed('a tensor of another size or type');
    if (old.data.refCount > 0) throw changed('the old tensor beside the new one');
    backend.runtime.copy(backend.address(x), old.block.address, data.bytes);
  }
}

/** Lets what took the place of a tensor of the state lie where that one lay. */
function bind(backend: RecordedBackend, before: readonly Before[], after: readonly Tensor[]): void {
  for (const [index, x] of after.entries()) {
    const [old, data] = [before[index]!, dataOf(backend, x)];
    if (old === undefined || old.data === data || old.block === undefined) continue;
    old.block.isWaiting = false;
    data.block = old.block;
    data.host = undefined;
    forgetHalf(data);
  }
}

function letGo(touched: ReadonlySet<Block>): void {
  for (const block of touched) {
    block.holds--;
    if (block.holds > 0 || !block.isWaiting) continue;
    block.isWaiting = false;
    block.pool.release(block);
  }
}

function attempt(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

function changed(received: string): GradstreamError {
  return new GradstreamError('GS_CUDA_CAPTURE', {
    where: 'backend-cuda/captureStep',
    what: 'The state of the step changes its form',
    expected: 'the same number of tensors of the same shapes after each step, the old ones given up',
    received,
    next: 'Run such a step eagerly.',
  });
}
