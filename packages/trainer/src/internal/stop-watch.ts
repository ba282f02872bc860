/** Milliseconds of training, without pauses. Starts when it is made, at what was counted before. */
export class StopWatch {
  #counted: number;
  #since: number | undefined = performance.now();

  constructor(counted = 0) {
    this.#counted = counted;
  }

  get elapsed(): number {
    return this.#counted + (this.#since === undefined ? 0 : performance.now() - this.#since);
  }

  /** Goes on from what was counted at another time. */
  set(counted: number): void {
    this.#counted = counted;
    if (this.#since !== undefined) this.#since = performance.now();
  }

  pause(): void {
    this.#counted = this.elapsed;
    this.#since = undefined;
  }

  resume(): void {
    this.#since ??= performance.now();
  }
}
