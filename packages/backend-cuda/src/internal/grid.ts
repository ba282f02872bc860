import type { Size3 } from './runtime.js';

/** The threads of a block for kernels that go over elements. */
export const THREADS: Size3 = [256, 1, 1];

/** A warp by eight rows. */
export const WARPS: Size3 = [32, 8, 1];

/** The most blocks along the first dimension that are started: beyond, each thread does several elements. */
const MOST_BLOCKS = 1 << 20;

/** Blocks of 256 threads for so many elements, `each` of them a thread. */
export function gridFor(elements: number, each = 1): Size3 {
  return [Math.min(MOST_BLOCKS, Math.max(1, Math.ceil(elements / (256 * each)))), 1, 1];
}

/** ceil(a / b), at least 1. */
export function blocks(a: number, b: number): number {
  return Math.max(1, Math.ceil(a / b));
}
