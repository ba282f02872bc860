import type { Example } from '@gradstream/datasets';

type Numbers = Float32Array;

/** Copies of batches, in memory that is used again: whoever makes batches may use one piece of memory for all of them, and new memory for each copy would cost more than the copy. */
export class BatchCopies {
  readonly #free = new Map<string, Numbers[]>();
  #used: Numbers[] = [];
  #bytes = 0;

  /** What is in use. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A batch with numbers of its own. What is no batch stays what it is. */
  copy(batch: Example): Example {
    return this.#copied(batch) as Example;
  }

  /** The copies are not needed any more. */
  release(): void {
    for (const numbers of this.#used) {
      const key = keyOf(numbers);
      const free = this.#free.get(key);
      if (free === undefined) this.#free.set(key, [numbers]);
      else free.push(numbers);
    }
    this.#used = [];
    this.#bytes = 0;
  }

  dispose(): void {
    this.#used = [];
    this.#bytes = 0;
    this.#free.clear();
  }

  #copied(value: unknown): unknown {
    if (ArrayBuffer.isView(value) && 'slice' in value) return this.#copyOf(value as Numbers);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, this.#copied(part)]));
  }

  #copyOf(values: Numbers): Numbers {
    const copy = this.#free.get(keyOf(values))?.pop() ?? values.slice();
    copy.set(values);
    this.#used.push(copy);
    this.#bytes += copy.byteLength;
    return copy;
  }
}

const keyOf = ({ constructor, length }: Numbers): string => `${constructor.name} ${length}`;
