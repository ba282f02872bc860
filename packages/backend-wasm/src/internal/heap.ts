import { GradstreamError } from '@gradstream/core';

/** Every address is a multiple of this: a cache line, and four vectors. */
const ALIGNMENT = 64;
const PAGE = 65_536;
/** 4 GiB, all that a 32-bit address reaches, without the last page: kernels may read one vector beyond a tensor's end. */
const LIMIT = 65_535 * PAGE;
/** The first page holds control words of the kernels and no tensor. */
const BEGIN = PAGE;
/** Memory grows by at least this much, or an eighth of what there is. */
const SMALLEST_GROWTH = 4 * 1024 * 1024;

/** What the heap says about itself, in bytes. */
export interface HeapStatistics {
  /** Held by tensors and scratch space now, rounded up to size classes. */
  readonly used: number;
  /** The most that was ever held. */
  readonly peak: number;
  /** What the memory measures; it never shrinks. */
  readonly total: number;
  /** Blocks held now. */
  readonly blocks: number;
}

/** Where blocks of memory come from, and go back to. */
export interface Blocks {
  /** The address of a new block of so many bytes; its contents are whatever was there. */
  allocate(bytes: number): number;
  /** Gives back the block at an address. `bytes` is what it was allocated with. */
  free(address: number, bytes: number): void;
}

/**
 * An allocator over one WebAssembly memory: blocks of 64-byte classes, eight classes a power of two, so at most an eighth is lost.
 *
 * A freed block waits on its class's list and is the next one given out, so a training step that repeats touches the same addresses. When no list and no
 * free span serves, the lists are merged into spans; only then does the memory grow. All bookkeeping is on this side: the memory holds data only.
 */
export class Heap implements Blocks {
  /** Called when no memory is left: gives back what can be done without, and says whether that was something. */
  relief: (() => boolean) | undefined;
  readonly #memory: WebAssembly.Memory;
  readonly #limit: number;
  readonly #lists: number[][] = [];
  /** Free spans as address and size, sorted by address. */
  #spans: { address: number; bytes: number }[] = [];
  #end: number = BEGIN;
  #used = 0;
  #peak = 0;
  #blocks = 0;
  #waiting = 0;
  /** Blocks that stay though their owner gave them back: how many hold them, and the bytes once they were given back. */
  readonly #holds = new Map<number, { count: number; bytes: number | undefined }>();

  /** `limit`: the most bytes the memory may measure, at most 4 GiB. */
  constructor(memory: WebAssembly.Memory, limit: number = LIMIT) {
    this.#memory = memory;
    this.#limit = Math.min(limit, LIMIT);
  }

  /** The address of a new block of so many bytes; its contents are whatever was there. Throws `GS_BACKEND_MEMORY` when 4 GiB do not suffice. */
  allocate(bytes: number): number {
    const index = classOf(bytes);
    const size = sizeOfClass(index);
    const list = this.#lists[index];
    let address: number;
    if (list !== undefined && list.length > 0) {
      address = list.pop()!;
      this.#waiting -= size;
    } else {
      address = this.#carve(size);
    }
    this.#used += size;
    this.#blocks++;
    if (this.#used > this.#peak) this.#peak = this.#used;
    return address;
  }

  /** Gives back the block at an address. `bytes` is what it was allocated with. A block that is held goes back when nobody holds it any more. */
  free(address: number, bytes: number): void {
    if (this.#holds.size > 0) {
      const held = this.#holds.get(address);
      if (held !== undefined) {
        held.bytes = bytes;
        return;
      }
    }
    const index = classOf(bytes);
    (this.#lists[index] ??= []).push(address);
    const size = sizeOfClass(index);
    this.#waiting += size;
    this.#used -= size;
    this.#blocks--;
  }

  /** Keeps a block where it is, given back or not, until as many `letGo`. */
  hold(address: number): void {
    const held = this.#holds.get(address);
    if (held === undefined) this.#holds.set(address, { count: 1, bytes: undefined });
    else held.count++;
  }

  letGo(address: number): void {
    const held = this.#holds.get(address)!;
    if (--held.count > 0) return;
    this.#holds.delete(address);
    if (held.bytes !== undefined) this.free(address, held.bytes);
  }

  /** Whether a block was given back while it was held. */
  isWaiting(address: number): boolean {
    return this.#holds.get(address)?.bytes !== undefined;
  }

  /** Gives a block that was given back while it was held to a new owner; false where the old one has it still. */
  claim(address: number): boolean {
    const held = this.#holds.get(address);
    if (held?.bytes === undefined) return false;
    held.bytes = undefined;
    return true;
  }

  statistics(): HeapStatistics {
    return { used: this.#used, peak: this.#peak, total: this.#memory.buffer.byteLength, blocks: this.#blocks };
  }

  #carve(size: number): number {
    const first = this.#fromSpans(size) ?? this.#fromEnd(size, false);
    if (first !== undefined) return first;
    if (this.#waiting >= size) {
      this.#merge();
      const merged = this.#fromSpans(size);
      if (merged !== undefined) return merged;
    }
    try {
      return this.#fromEnd(size, true)!;
    } catch (error) {
      if (this.relief?.() !== true) throw error;
      this.#merge();
      return this.#fromSpans(size) ?? this.#fromEnd(size, true)!;
    }
  }

  /** Best fit: the smallest span that is large enough. */
  #fromSpans(size: number): number | undefined {
    let best = -1;
    for (let index = 0; index < this.#spans.length; index++) {
      const bytes = this.#spans[index]!.bytes;
      if (bytes >= size && (best < 0 || bytes < this.#spans[best]!.bytes)) best = index;
    }
    if (best < 0) return undefined;
    const span = this.#spans[best]!;
    const address = span.address;
    if (span.bytes === size) this.#spans.splice(best, 1);
    else this.#spans[best] = { address: address + size, bytes: span.bytes - size };
    return address;
  }

  #fromEnd(size: number, mayGrow: boolean): number | undefined {
    const needed = this.#end + size + ALIGNMENT - this.#memory.buffer.byteLength;
    if (needed > 0) {
      if (!mayGrow) return undefined;
      this.#grow(needed, size);
    }
    const address = this.#end;
    this.#end += size;
    return address;
  }

  #grow(needed: number, size: number): void {
    const total = this.#memory.buffer.byteLength;
    const wanted = Math.max(needed, SMALLEST_GROWTH, total / 8);
    for (const bytes of [Math.min(wanted, this.#limit - total), needed]) {
      if (bytes < needed) continue;
      if (total + bytes > this.#limit) break;
      try {
        this.#memory.grow(Math.ceil(bytes / PAGE));
        return;
      } catch {
        // The host has less than we may address: try with what is needed and no more, then say so.
      }
    }
    throw new GradstreamError('GS_BACKEND_MEMORY', {
      where: 'backend-wasm',
      what: `There is no room for a tensor of ${size} bytes`,
      expected: `at most ${this.#limit} bytes in all tensors together`,
      received: `${this.#used} bytes in ${this.#blocks} blocks already`,
      next: 'Use a smaller batch, dispose of tensors that are not needed (tf.tidy), or look for a leak with tf.memory().',
    });
  }

  /** Turns all waiting blocks back into spans and joins neighbours. */
  #merge(): void {
    const spans = this.#spans;
    for (const [index, list] of this.#lists.entries()) {
      if (list === undefined) continue;
      const bytes = sizeOfClass(index);
      for (const address of list) spans.push({ address, bytes });
      list.length = 0;
    }
    this.#waiting = 0;
    spans.sort((a, b) => a.address - b.address);
    const joined: typeof spans = [];
    for (const span of spans) {
      const last = joined.at(-1);
      if (last !== undefined && last.address + last.bytes === span.address) last.bytes += span.bytes;
      else joined.push({ ...span });
    }
    const last = joined.at(-1);
    if (last !== undefined && last.address + last.bytes === this.#end) {
      this.#end = last.address;
      joined.pop();
    }
    this.#spans = joined;
  }
}

/** Up to 1 KB one class for each 64 bytes (0 to 15), from there eight classes a power of two. */
export function classOf(bytes: number): number {
  if (bytes <= 1024) return bytes <= ALIGNMENT ? 0 : ((bytes + 63) >>> 6) - 1;
  const power = 31 - Math.clz32(bytes - 1);
  return 16 + (power - 10) * 8 + (((bytes - 1) >>> (power - 3)) & 7);
}

/** The bytes of each class, up to 4 GiB. */
const SIZES: readonly number[] = Array.from({ length: 16 + 22 * 8 }, (_, index) => {
  if (index < 16) return (index + 1) * ALIGNMENT;
  const power = 10 + ((index - 16) >> 3);
  return 2 ** power + (((index - 16) & 7) + 1) * 2 ** (power - 3);
});

/** The bytes that a block of a class takes. */
export const sizeOfClass = (index: number): number => SIZES[index]!;
