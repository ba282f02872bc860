import type { TrainingRun } from '../training-run.js';

/** A gate that a run comes by before each piece of work. */
export class PauseGate {
  #open: (() => void) | undefined;
  #waiting: Promise<void> | undefined;

  get closed(): boolean {
    return this.#waiting !== undefined;
  }

  close(): void {
    this.#waiting ??= new Promise((resolve) => (this.#open = resolve));
  }

  open(): void {
    this.#open?.();
    this.#open = this.#waiting = undefined;
  }

  /** Waits until the gate is open, or the signal aborts. */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.#waiting !== undefined && !signal.aborted) {
      const waiting = this.#waiting;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          signal.removeEventListener('abort', done);
          resolve();
        };
        signal.addEventListener('abort', done);
        void waiting.then(done);
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
