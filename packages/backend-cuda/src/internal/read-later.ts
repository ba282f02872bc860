import type { Address } from '../driver/driver.js';
import type { CudaRuntime } from './runtime.js';

/** More than this is read in parts, and from a copy: later work may change the tensor meanwhile. */
const ONE_READ = 4 * 1024 * 1024;

/** Reads bytes of the device without keeping the thread: as they are in the order of the stream, whatever is done to them afterwards. */
export async function readLater(runtime: CudaRuntime, from: Address, to: Uint8Array): Promise<void> {
  if (to.length <= ONE_READ) return runtime.download(from, to);
  const copy = runtime.pool.allocate(to.length);
  try {
    runtime.copy(from, copy.address, to.length);
    await runtime.download(copy.address, to);
  } finally {
    copy.pool.release(copy);
  }
}
