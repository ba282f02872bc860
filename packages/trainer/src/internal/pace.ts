import { yieldToHost } from '@gradstream/core';

/** Lets the host breathe: longest time in milliseconds that a loop keeps the thread. */
const BREATH = 10;
/** With `logEvery: 'auto'`, the shortest time in milliseconds between two reads of the means. */
const READ = 100;

/** The clock of a loop: when to let the host do its work, and when to read the means. */
export class Pace {
  readonly #logEvery: number | 'auto';
  #breathed = performance.now();
  #read = Number.NEGATIVE_INFINITY;

  constructor(logEvery: number | 'auto') {
    this.#logEvery = logEvery;
  }

  /** Whether the means are read after this step (0-based). */
  reads(step: number): boolean {
    if (this.#logEvery !== 'auto') return (step + 1) % this.#logEvery === 0;
    const now = performance.now();
    if (now - this.#read < READ) return false;
    this.#read = now;
    return true;
  }

  /** Gives the thread back for a moment when the loop had it for long. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#breathed < BREATH) return;
    await yieldToHost();
    this.#breathed = performance.now();
  }
}

/** Now, in milliseconds since 1970, with fractions. */
export const now = (): number => performance.timeOrigin + performance.now();
