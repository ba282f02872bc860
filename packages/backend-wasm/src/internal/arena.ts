import { classOf, sizeOfClass, type Blocks, type Heap } from './heap.js';

/** Memory of a recorded step: its blocks are given out again within the arena alone, and belong to it until it closes. */
export class Arena implements Blocks {
  readonly #heap: Heap;
  readonly #lists: number[][] = [];
  #isClosed = false;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  allocate(bytes: number): number {
    return this.#lists[classOf(bytes)]?.pop() ?? this.#heap.allocate(bytes);
  }

  free(address: number, bytes: number): void {
    if (this.#isClosed) this.#heap.free(address, bytes);
    else (this.#lists[classOf(bytes)] ??= []).push(address);
  }

  /** Gives back what is free, and from now on each block as it is freed. */
  close(): void {
    this.#isClosed = true;
    for (const [index, list] of this.#lists.entries())
      for (const address of list ?? []) this.#heap.free(address, sizeOfClass(index));
    this.#lists.length = 0;
  }
}
