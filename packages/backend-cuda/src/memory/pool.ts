import { GradstreamError, isGradstreamError } from '@gradstream/core';
import type { Address } from '../driver/driver.js';

/** A piece of device memory that a tensor holds. */
export interface Block {
  readonly address: Address;
  /** Bytes that it really has: the size of its class. */
  readonly bytes: number;
  /** The pool it goes back to. */
  readonly pool: Pool;
  /** How many recorded steps read or write it: so long it is given to nobody else. */
  holds: number;
  /** True where it was given back while a step still held it. */
  isWaiting: boolean;
}

/** What a pool gets memory from. */
export interface MemorySource {
  /** A new piece, or undefined where there is no memory left. */
  allocate(bytes: number): Address | undefined;
  free(address: Address): void;
  /** How much of it is taken by whom, for an error; nothing where that is not known. */
  describe?(): string;
}

/** Memory in bytes. */
export interface PoolStatistics {
  /** What tensors hold now, and the most they ever did. */
  readonly used: number;
  readonly peak: number;
  /** What was taken from the device: used and kept for later. */
  readonly reserved: number;
  /** How often memory was taken from the device, and how often a kept piece was given out again. */
  readonly allocations: number;
  readonly reuses: number;
}

/** The memory of the backend as `tf.memory()` reports it, in bytes. */
export interface CudaMemory {
  unreliable: boolean;
  /** The device's memory: what tensors hold, what is kept for later, and how often it was asked for. */
  device: PoolStatistics;
}

const SMALLEST = 256;

/** The size of the class that so many bytes belong to: eight classes between one power of two and the next. */
export function classOf(bytes: number): number {
  if (bytes <= SMALLEST) return SMALLEST;
  const step = Math.max(SMALLEST, 2 ** (Math.floor(Math.log2(bytes)) - 3));
  return Math.ceil(bytes / step) * step;
}

/**
 * Whether each tensor is to have a piece of its own of just its bytes, freed when it is given back: for programs that find reads and writes beyond them, such as
 * compute-sanitizer. `GRADSTREAM_CUDA_EXACT_MEMORY=1`.
 */
export function isExactMemory(): boolean {
  return process.env['GRADSTREAM_CUDA_EXACT_MEMORY']?.trim() === '1';
}

/**
 * Device memory that is kept instead of freed. All work runs on one stream, in order: a piece that is given back may be given out at once, since what uses it next
 * runs after what used it last.
 */
export class Pool {
  readonly #source: MemorySource;
  readonly #limit: number;
  readonly #isExact: boolean;
  readonly #kept = new Map<number, Address[]>();
  readonly #taken = new Set<Address>();
  #used = 0;
  #peak = 0;
  #reserved = 0;
  #allocations = 0;
  #reuses = 0;
  #isClosed = false;
  #isDestroyed = false;

  /** `limit`: the most bytes that are taken from the device. `isExact`: see `isExactMemory`. */
  constructor(source: MemorySource, limit: number = Infinity, isExact = false) {
    this.#source = source;
    this.#limit = limit;
    this.#isExact = isExact;
  }

  /** A piece of at least so many bytes. Throws `GS_BACKEND_MEMORY` where the limit or the device's memory is reached. */
  allocate(wanted: number): Block {
    const bytes = this.#isExact ? Math.max(1, wanted) : classOf(wanted);
    const kept = this.#kept.get(bytes)?.pop();
    const address = kept ?? this.#take(bytes);
    if (kept !== undefined) this.#reuses++;
    this.#used += bytes;
    if (this.#used > this.#peak) this.#peak = this.#used;
    return { address, bytes, pool: this, holds: 0, isWaiting: false };
  }

  /** The same, or undefined where the limit or the device's memory is reached: for what one can do without. */
  allocateIfThere(wanted: number): Block | undefined {
    try {
      return this.allocate(wanted);
    } catch (error) {
      if (isGradstreamError(error) && error.code === 'GS_BACKEND_MEMORY') return undefined;
      throw error;
    }
  }

  /** Takes a piece back; one that a recorded step holds when that lets it go. */
  release(block: Block): void {
    if (block.holds > 0) {
      block.isWaiting = true;
      return;
    }
    const { address, bytes } = block;
    if (this.#isDestroyed) return;
    this.#used -= bytes;
    if (this.#isClosed || this.#isExact) {
      this.#free(address);
      this.#reserved -= bytes;
      return;
    }
    const kept = this.#kept.get(bytes);
    if (kept === undefined) this.#kept.set(bytes, [address]);
    else kept.push(address);
  }

  /** Frees what is kept and not used. */
  trim(): void {
    for (const [bytes, addresses] of this.#kept) {
      for (const address of addresses) this.#free(address);
      this.#reserved -= bytes * addresses.length;
    }
    this.#kept.clear();
  }

  /** Frees what is kept now, and all else when it is given back. */
  close(): void {
    this.#isClosed = true;
    this.trim();
  }

  /** Frees everything, what tensors still hold too: what they give back later is gone by then. */
  destroy(): void {
    for (const address of this.#taken) this.#source.free(address);
    this.#taken.clear();
    this.#kept.clear();
    this.#isDestroyed = true;
    this.#used = 0;
    this.#reserved = 0;
  }

  statistics(): PoolStatistics {
    return {
      used: this.#used,
      peak: this.#peak,
      reserved: this.#reserved,
      allocations: this.#allocations,
      reuses: this.#reuses,
    };
  }

  #free(address: Address): void {
    this.#taken.delete(address);
    this.#source.free(address);
  }

  #take(bytes: number): Address {
    if (this.#reserved + bytes > this.#limit) this.trim();
    if (this.#reserved + bytes <= this.#limit) {
      let address = this.#source.allocate(bytes);
      if (address === undefined) {
        this.trim();
        address = this.#source.allocate(bytes);
      }
      if (address !== undefined) {
        this.#taken.add(address);
        this.#reserved += bytes;
        this.#allocations++;
        return address;
      }
    }
    const isLimit = this.#reserved + bytes > this.#limit;
    throw new GradstreamError('GS_BACKEND_MEMORY', {
      where: 'backend-cuda/memory',
      what: isLimit ? 'The memory limit is reached' : 'The memory of the device is used up',
      expected: isLimit ? `at most ${this.#limit} bytes` : `${bytes} bytes to be free`,
      received: `${bytes} bytes more, while tensors hold ${this.#used}${isLimit ? '' : (this.#source.describe?.() ?? '')}`,
      next: isLimit
        ? 'Use a smaller batch or model, dispose of tensors, or raise memoryLimit.'
        : 'Use a smaller batch or model, dispose of tensors, or end what else uses the device: nvidia-smi lists it.',
    });
  }
}
