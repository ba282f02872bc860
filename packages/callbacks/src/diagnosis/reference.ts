import { median } from '../internal/quantile.js';

const FIRST = 5;
const LAST = 20;

/**
 * What is usual for a number that is observed again and again: the larger one of the median of the first observations and that of the last ones. So neither a
 * slow growth nor one high value among very low ones is unusual.
 */
export class Reference {
  #first: number[] = [];
  #last: number[] = [];

  /** NaN before there are three observations. */
  get usual(): number {
    return this.#first.length < 3 ? Number.NaN : Math.max(median(this.#first), median(this.#last));
  }

  /** Takes a finite value in. */
  add(value: number): void {
    if (this.#first.length < FIRST) this.#first.push(value);
    this.#last = [...this.#last, value].slice(-LAST);
  }
}
