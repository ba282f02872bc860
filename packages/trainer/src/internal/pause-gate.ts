import type { TrainingRun } from '../training-run.js';

/** A gate that a run comes by before each piece of work. */
export class PauseGate {
  readonly #waiting: (() => void)[] = [];
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
  }

  open(): void {
    this.#closed = false;
    for (const goOn of this.#waiting.splice(0)) goOn();
  }

  /** Waits until the gate is open, or the signal aborts. */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.#closed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}

/** Gives a run the handles of its gate. */
export function withGate(run: Omit<TrainingRun, 'pause' | 'resume' | 'paused'>, gate: PauseGate): TrainingRun {
  return Object.defineProperties(run, {
    pause: { value: () => gate.close() },
    resume: { value: () => gate.open() },
    paused: { get: () => gate.closed },
  }) as TrainingRun;
}
