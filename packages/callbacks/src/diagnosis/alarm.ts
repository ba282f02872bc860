/** How many observations in a row have to be too high. */
const OBSERVATIONS = 3;
/** Times the bound at which one observation is enough. */
const AT_ONCE = 10;

/** Watches a number for being too high for long, or by far, or no number any more after it was high. */
export class Alarm {
  #high = 0;

  /** Takes an observation; `bound` may be NaN where it is not known yet. Says whether it is too much. */
  sounds(value: number, bound: number, suspected = false): boolean {
    if (!Number.isFinite(value)) return this.#high > 0 || suspected;
    this.#high = value > bound ? this.#high + 1 : 0;
    return this.#high >= OBSERVATIONS || value > AT_ONCE * bound;
  }

  /** Whether the last observation was high. */
  get suspects(): boolean {
    return this.#high > 0;
  }
}
