import type { EndReason } from '@gradstream/core';

/** Why training ended, in words. */
export interface Outcome {
  readonly reason: EndReason;
  readonly message: string;
}

/** Whether training is to end, and why: whoever says it first. */
export class Ending {
  #outcome: Outcome | undefined;

  constructor(readonly signal: AbortSignal) {}

  ask(reason: EndReason, message: string): void {
    this.#outcome ??= { reason, message };
  }

  /** An error is told whatever was asked before. */
  fail(error: unknown): void {
    this.#outcome = { reason: 'failed', message: error instanceof Error ? error.message : String(error) };
  }

  get asked(): boolean {
    if (this.signal.aborted) this.ask('stopped', String(this.signal.reason));
    return this.#outcome !== undefined;
  }

  /** What a callback asked for, if that is why. */
  get byCallback(): string | null {
    return this.#outcome?.reason === 'callback' ? this.#outcome.message : null;
  }

  /** What it came to; `otherwise` where nobody asked. */
  outcome(otherwise: string): Outcome {
    return this.asked ? this.#outcome! : { reason: 'completed', message: otherwise };
  }
}
