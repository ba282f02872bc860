import {
  describeValue,
  GradstreamError,
  type Callback,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { Subject, type Subscription } from 'rxjs';
import { callbackNames } from './callback-names.js';

/** A command and who sent it. */
export interface Letter {
  readonly from: string;
  readonly command: TrainingCommand;
}

/** A callback's failure. */
export interface Failure {
  readonly from: string;
  readonly error: unknown;
  readonly critical: boolean;
}

/** Throws `GS_TRAIN_CALLBACK` unless the value is a list of functions. */
export function checkCallbacks(where: string, callbacks: unknown): asserts callbacks is readonly Callback[] {
  const wrong = Array.isArray(callbacks) ? callbacks.find((callback) => typeof callback !== 'function') : callbacks;
  if (Array.isArray(callbacks) && !callbacks.some((callback) => typeof callback !== 'function')) return;
  throw new GradstreamError('GS_TRAIN_CALLBACK', {
    where,
    what: 'The callbacks cannot be used',
    expected: 'a list of functions from events to commands',
    received: describeValue(wrong),
    next: 'Pass callbacks as [earlyStopping({ patience: 2 })], called, in a list.',
  });
}

/** Delivers facts to callbacks and collects their commands, each callback for itself: one that fails is dropped, the others go on. */
export class Inbox {
  readonly #facts = new Subject<TrainingEvent>();
  readonly #subscriptions = new Map<string, Subscription>();
  #letters: Letter[] = [];
  #failures: Failure[] = [];

  constructor(callbacks: readonly Callback[]) {
    const names = callbackNames(callbacks);
    callbacks.forEach((callback, index) => {
      const from = names[index]!;
      const fail = (error: unknown): void => this.fail({ from, error, critical: callback.critical === true });
      const receive = (command: TrainingCommand): void => {
        // The trainer awaits it a moment later: until then a rejection is not one that nobody handles.
        if (command.type === 'hold') command.until.catch(() => undefined);
        this.#letters.push({ from, command });
      };
      try {
        const commands$ = callback(this.#facts.asObservable());
        this.#subscriptions.set(from, commands$.subscribe({ next: receive, error: fail }));
      } catch (error) {
        fail(error);
      }
    });
  }

  get hasMail(): boolean {
    return this.#letters.length > 0 || this.#failures.length > 0;
  }

  deliver(event: TrainingEvent): void {
    this.#facts.next(event);
  }

  /** Reports a callback as failed and listens to it no more. */
  fail(failure: Failure): void {
    this.#failures.push(failure);
    this.#subscriptions.get(failure.from)?.unsubscribe();
    this.#letters = this.#letters.filter(({ from }) => from !== failure.from);
  }

  take(): { readonly letters: readonly Letter[]; readonly failures: readonly Failure[] } {
    const taken = { letters: this.#letters, failures: this.#failures };
    this.#letters = [];
    this.#failures = [];
    return taken;
  }

  /** Tells the callbacks that no fact will follow. */
  complete(): void {
    this.#facts.complete();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions.values()) subscription.unsubscribe();
  }
}
