import { startWorker } from '#workers';
import type { WorkerHandle, WorkerStart } from './worker-handle.js';

// Control words in the first page of the memory; assembly/pool/job.ts has the same.
const GENERATION = 128 / 4;
const WORKERS = 388 / 4;
const STOP = 392 / 4;

/** The threads beside the calling one. */
export interface Pool {
  /** Threads that take part in a job, the calling one included. */
  readonly threads: number;
  /** Why there is only one where more were asked for. */
  readonly reason?: string;
  stop(): void;
}

/** Starts `threads - 1` workers. Where one fails all are ended, and the calling thread works alone: the reason says why. */
export async function startPool(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number,
  start: (start: WorkerStart) => Promise<WorkerHandle> = startWorker,
  wide?: WebAssembly.Module,
): Promise<Pool> {
  const lanes = Array.from({ length: threads - 1 }, (_, index) => index + 1);
  const results = await Promise.allSettled(
    lanes.map((lane) => start({ module, memory, lane, ...(wide === undefined ? {} : { wide }) })),
  );
  const workers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  const words = new Int32Array(memory.buffer, 0, 256);
  const stop = (): void => {
    Atomics.store(words, WORKERS, 0);
    Atomics.store(words, STOP, 1);
    Atomics.add(words, GENERATION, 1);
    Atomics.notify(words, GENERATION);
    for (const worker of workers.splice(0)) worker.terminate();
  };
  if (failed !== undefined) {
    stop();
    return {
      threads: 1,
      reason: `a worker failed to start: ${failed.reason instanceof Error ? failed.reason.message : String(failed.reason)}`,
      stop,
    };
  }
  Atomics.store(words, WORKERS, workers.length);
  return { threads, stop };
}
