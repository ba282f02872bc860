import { stack, type Scalar } from '@tensorflow/tfjs-core';

/** Values that are kept on the device at most before they are read: bounds memory where nobody asks for the mean. */
const MOST_PENDING = 512;

/** What a mean is made of. */
export interface MeanSums {
  readonly sum: number;
  readonly weight: number;
}

/** The weighted mean of scalars that stay on the device until it is asked for: one read for many steps, summed in float64. */
export class RunningMean {
  #pending: { readonly value: Scalar; readonly weight: number }[] = [];
  #sum = 0;
  #weight = 0;

  /** Adds a value and takes it over: it is disposed when it was read. */
  add(value: Scalar, weight: number): void {
    this.#pending.push({ value, weight });
  }

  /** The value that was added last, before it was read with the others. */
  async last(): Promise<number> {
    return (await this.#pending.at(-1)!.value.data())[0]!;
  }

  get full(): boolean {
    return this.#pending.length >= MOST_PENDING;
  }

  /** Reads what is pending. */
  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const pending = this.#pending;
    this.#pending = [];
    const all = stack(pending.map(({ value }) => value));
    for (const { value } of pending) value.dispose();
    const values = await all.data();
    all.dispose();
    pending.forEach(({ weight }, index) => {
      this.#sum += values[index]! * weight;
      this.#weight += weight;
    });
  }

  /** The mean of all values; NaN without any. */
  async mean(): Promise<number> {
    await this.flush();
    return this.#sum / this.#weight;
  }

  /** The sums of all values, for a checkpoint: they come back to the bit. */
  async sums(): Promise<MeanSums> {
    await this.flush();
    return { sum: this.#sum, weight: this.#weight };
  }

  /** Goes on from sums. */
  restore({ sum, weight }: MeanSums): void {
    this.reset();
    this.#sum = sum;
    this.#weight = weight;
  }

  reset(): void {
    for (const { value } of this.#pending) value.dispose();
    this.#pending = [];
    this.#sum = 0;
    this.#weight = 0;
  }
}
