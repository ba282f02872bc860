import { describeValue, GradstreamError, type CallbackTraits, type Json } from '@gradstream/core';

/** What a callback counts: plain numbers, null where there is none yet. */
export type Counts = Readonly<Record<string, number | null>>;

/**
 * What a callback remembers through one training: fresh when training begins, unless a checkpoint's was put in before. A name whose fresh value is null may
 * be null or a number, any other is a number.
 */
export class TrainingMemory<S extends Counts> {
  readonly #where: string;
  readonly #fresh: S;
  #restored = false;
  value: S;

  constructor(where: string, fresh: S) {
    this.#where = where;
    this.#fresh = fresh;
    this.value = fresh;
  }

  /** Training begins: true where it goes on with a checkpoint's counts. Those of an earlier training are forgotten. */
  begin(): boolean {
    const restored = this.#restored;
    if (!restored) this.value = this.#fresh;
    this.#restored = false;
    return restored;
  }

  /** Changes some of it. */
  set(parts: Partial<S>): void {
    this.value = { ...this.value, ...parts };
  }

  /** The way into a checkpoint and back. `restore` throws `GS_CALLBACK_STATE` for what `state` cannot have given. */
  get traits(): Required<Pick<CallbackTraits, 'state' | 'restore'>> {
    return {
      state: () => ({ ...this.value }),
      restore: (json) => {
        this.value = this.#read(json);
        this.#restored = true;
      },
    };
  }

  #read(json: Json): S {
    const found = Object(json) as Record<string, unknown>;
    const names = Object.keys(this.#fresh);
    const fits = names.every((name) => {
      const value = Object.hasOwn(found, name) ? found[name] : undefined;
      return (typeof value === 'number' && Number.isFinite(value)) || (value === null && this.#fresh[name] === null);
    });
    if (fits) return Object.fromEntries(names.map((name) => [name, found[name]])) as S;
    throw badState(this.#where, `{ ${names.join(', ')} }, numbers or null`, json);
  }
}

/** The error for a checkpoint's state that is none of the callback. */
export function badState(where: string, expected: string, json: Json): GradstreamError {
  return new GradstreamError('GS_CALLBACK_STATE', {
    where,
    what: 'The checkpoint holds a state that is none of this callback',
    expected,
    received: describeValue(json),
    next: 'Give fit the callbacks that the checkpoint was made with, in the same order.',
  });
}
