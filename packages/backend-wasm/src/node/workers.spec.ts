import { describe, expect, it } from 'vitest';
import { availableThreads, startWorker } from './workers.js';

describe('workers', () => {
  it('counts at least the calling thread', () => {
    expect(availableThreads()).toBeGreaterThanOrEqual(1);
  });

  it('starts a thread that runs the module, and ends it', async () => {
    // A module with an imported shared memory whose workerMain returns at once.
    const bytes = Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 5, 1, 0x60, 1, 0x7f, 0],
      ...[2, 16, 1, 3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 3, 1, 1],
      ...[3, 2, 1, 0],
      ...[7, 14, 1, 10, 0x77, 0x6f, 0x72, 0x6b, 0x65, 0x72, 0x4d, 0x61, 0x69, 0x6e, 0, 0],
      ...[10, 4, 1, 2, 0, 0x0b],
    );
    const module = await WebAssembly.compile(bytes);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const worker = await startWorker({ module, memory, lane: 1 });
    worker.terminate();
  });

  it('rejects where the thread does not come up', async () => {
    const module = await WebAssembly.compile(
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 2, 8, 1, 1, 0x61, 1, 0x62, 3, 0x7f, 0),
    );
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    // The module asks for an import that a worker does not give.
    await expect(startWorker({ module, memory, lane: 1 })).rejects.toThrow('Import');
  });
});
