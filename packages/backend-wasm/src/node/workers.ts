import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { WIDE_FUNCTIONS } from '../internal/wide/join-wide.js';
import { START_TIMEOUT } from '../internal/pool/worker-handle.js';
import type { WorkerHandle, WorkerStart } from '../internal/pool/worker-handle.js';

const CODE = `
const { parentPort, workerData: { module, memory, lane, wide, names } } = require('node:worker_threads');
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
if (wide !== undefined) {
  const functions = new WebAssembly.Instance(wide, { env: { memory } }).exports;
  const first = exports.table.grow(names.length);
  for (const [index, name] of names.entries()) exports.table.set(first + index, functions[name]);
}
parentPort.postMessage('up');
exports.workerMain(lane);
`;

/** How many threads run at once on this machine. */
export function availableThreads(): number {
  return availableParallelism();
}

/** Starts a thread; it never keeps the process alive. Rejects where it does not come up. */
export function startWorker(start: WorkerStart): Promise<WorkerHandle> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(CODE, { eval: true, workerData: { ...start, names: WIDE_FUNCTIONS } });
    const timer = setTimeout(() => fail(new Error('the thread did not start in time')), START_TIMEOUT);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      void worker.terminate();
      reject(error);
    };
    worker.once('error', fail);
    worker.once('message', () => {
      clearTimeout(timer);
      worker.unref();
      resolve({ terminate: () => void worker.terminate() });
    });
  });
}
