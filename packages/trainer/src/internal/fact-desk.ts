import type { Callback, TrainingEvent } from '@gradstream/core';
import { Inbox, type Failure, type Letter } from './inbox.js';
import { now } from './pace.js';

/** An event that has not happened yet: it gets its time when it is stated. */
export type Fact = TrainingEvent extends infer E ? (E extends TrainingEvent ? Omit<E, 'time'> : never) : never;

/** States facts, to the run's stream and to the callbacks, and has the commands carried out that they lead to. */
export class FactDesk {
  readonly #inbox: Inbox;

  constructor(
    callbacks: readonly Callback[],
    readonly emit: (event: TrainingEvent) => void,
    readonly answer: (letter: Letter) => Promise<void>,
  ) {
    this.#inbox = new Inbox(callbacks);
  }

  /** States a fact and carries out what callbacks asked for. */
  async state(fact: Fact): Promise<void> {
    this.#deliver({ ...fact, time: now() } as TrainingEvent);
    await this.#readMail();
  }

  /** Tells the callbacks that no fact follows, and carries out their last commands. */
  async close(): Promise<void> {
    this.#inbox.complete();
    await this.#readMail();
  }

  dispose(): void {
    this.#inbox.dispose();
  }

  #deliver(event: TrainingEvent): void {
    this.emit(event);
    this.#inbox.deliver(event);
  }

  async #readMail(): Promise<void> {
    while (this.#inbox.hasMail) {
      const { letters, failures } = this.#inbox.take();
      for (const failure of failures) this.#reportFailure(failure);
      for (const letter of letters) {
        try {
          await this.answer(letter);
        } catch (error) {
          this.#inbox.fail({ from: letter.from, error, critical: false });
        }
      }
    }
  }

  #reportFailure({ from, error, critical }: Failure): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#deliver({ type: 'callbackFailed', callback: from, message, time: now() });
    if (critical) throw error;
  }
}
