import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { START_TIMEOUT } from '../internal/pool/worker-handle.js';
import type { WorkerHandle, WorkerStart } from '../internal/pool/worker-handle.js';

const CODE = `
const { parentPort, workerData: { module, memory, lane } } = require('node:worker_threads');
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
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
    const worker = new Worker(CODE, { eval: true, workerData: start });
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
