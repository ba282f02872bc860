import { checkChoice } from '@gradstream/core';

/** What the operands of products and convolutions are rounded to; sums are float32. */
export type Rounding = 'none' | 'tf32' | 'bf16' | 'f16';

/** What steps can be computed in. */
export type Precision = 'float32' | 'mixedBfloat16' | 'mixedFloat16';

const MIXED: Readonly<Record<Precision, 'none' | 'bf16' | 'f16'>> = {
  float32: 'none',
  mixedBfloat16: 'bf16',
  mixedFloat16: 'f16',
};

/** Ampere: the oldest devices whose tensor cores take all of these numbers. Those of Turing, the oldest devices of all, take float16 alone. */
const ALL_NUMBERS = 80;

/** In TF32 only products with so many multiplications are rounded: smaller ones gain nothing by it. */
const LEAST = 2 ** 20;

/** What products are made of on a device: what is allowed, and what a training step is asked to compute in. */
export class Roundings {
  readonly #hasAll: boolean;
  /** Float32 products may be of numbers rounded to TF32. */
  mayBeTf32 = false;
  /** What everything is rounded to, whatever its size: mixed precision. */
  #mixed: 'none' | 'bf16' | 'f16' = 'none';

  constructor(capability: number) {
    this.#hasAll = capability >= ALL_NUMBERS;
  }

  /** How what convolutions give lies on the device: in 16 bits in mixed precision. */
  get half(): 'bf16' | 'f16' | undefined {
    return this.#mixed === 'none' ? undefined : this.#mixed;
  }

  /** What the device can compute steps in. */
  get precisions(): readonly Precision[] {
    return this.#hasAll ? ['float32', 'mixedBfloat16', 'mixedFloat16'] : ['float32', 'mixedFloat16'];
  }

  /** Computes in one of these from now on. Throws `GS_OPTION_VALUE` for another. */
  use(precision: Precision): void {
    this.#mixed = MIXED[checkChoice('backend-cuda/usePrecision', 'precision', precision, this.precisions)];
  }

  /** What the operands of so many multiplications are rounded to. */
  of(multiplications: number): Rounding {
    if (this.#mixed !== 'none') return this.#mixed;
    return this.mayBeTf32 && this.#hasAll && multiplications >= LEAST ? 'tf32' : 'none';
  }
}
