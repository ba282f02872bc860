import { GradstreamError } from '@gradstream/core';
import type { Address } from '../driver/driver.js';
import type { Block } from '../memory/pool.js';
import { gridFor, THREADS } from './grid.js';
import { kernelsIn } from './modules.js';
import type { CudaRuntime } from './runtime.js';

const convert = kernelsIn('convert', { fill_words: 'pii' });

/**
 * Indices out of range. A kernel that finds one says so in a word of device memory: the host would have to wait for each kernel to hear of it at once. It is
 * read, and the error is thrown, when numbers are read next.
 */
export class Faults {
  readonly #runtime: CudaRuntime;
  #block: Block | undefined;
  #asked: string | undefined;

  constructor(runtime: CudaRuntime) {
    this.#runtime = runtime;
  }

  /** Where kernel `name` writes 1 + the place of an index that is out of range. */
  word(name: string): Address {
    if (this.#block === undefined) {
      this.#block = this.#runtime.mainPool.allocate(4);
      this.#clear();
    }
    this.#asked = name;
    return this.#block.address;
  }

  /** Throws `GS_BACKEND_KERNEL` where a kernel since the last time found an index out of range. */
  raise(): void {
    if (this.#block === undefined || this.#asked === undefined || this.#runtime.capturing) return;
    const name = this.#asked;
    this.#asked = undefined;
    const word = new Int32Array(1);
    this.#runtime.downloadNow(this.#block.address, new Uint8Array(word.buffer));
    if (word[0] === 0) return;
    this.#clear();
    throw outOfRange(name, `an index out of range at place ${word[0]! - 1} of the indices`);
  }

  #clear(): void {
    this.#runtime.launch(convert.fill_words, gridFor(1), THREADS, [this.#block!.address, 1, 0]);
  }
}

/** The error for indices out of range. */
export function outOfRange(name: string, received: string): GradstreamError {
  return new GradstreamError('GS_BACKEND_KERNEL', {
    where: `backend-cuda/${name}`,
    what: 'An index is out of range',
    expected: 'indices of 0 or more, each below the size of its dimension',
    received,
    next: 'Check the indices against the shape. Kernels run later than they are called: an earlier operation of this name may be it.',
  });
}
