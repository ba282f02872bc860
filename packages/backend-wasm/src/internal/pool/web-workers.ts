import { START_TIMEOUT } from './worker-handle.js';
import type { WorkerHandle, WorkerStart } from './worker-handle.js';

const CODE = `
onmessage = ({ data: { module, memory, lane } }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  postMessage('up');
  exports.workerMain(lane);
};
`;

/** How many threads run at once on this machine. */
export function availableThreads(): number {
  return globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** Starts a thread as a Web Worker. Rejects where it does not come up: a page may forbid workers made from text. */
export function startWorker(start: WorkerStart): Promise<WorkerHandle> {
  return new Promise((resolve, reject) => {
    const url = URL.createObjectURL(new Blob([CODE], { type: 'text/javascript' }));
    const worker = new Worker(url);
    const end = (): void => {
      clearTimeout(timer);
      URL.revokeObjectURL(url);
    };
    const fail = (message: string): void => {
      end();
      worker.terminate();
      reject(new Error(message));
    };
    const timer = setTimeout(() => fail('the thread did not start in time'), START_TIMEOUT);
    worker.addEventListener('error', ({ message }) => fail(message || 'the page forbids workers made from text'));
    worker.addEventListener('message', () => {
      end();
      resolve({ terminate: () => worker.terminate() });
    });
    worker.postMessage(start, []);
  });
}
