import { checkNumber, describeValue, GradstreamError } from '@gradstream/core';

/**
 * How often a validation takes place: after every n-th epoch (a number), after the epochs of a list (1-based, as Keras counts here), or by `epochs`, training
 * `steps` or `seconds` of training. By steps or seconds it comes in the middle of an epoch, and an epoch's `val_` logs are those of its last one.
 */
export type ValidationFrequency =
  | number
  | readonly number[]
  | { readonly epochs: number }
  | { readonly steps: number }
  | { readonly seconds: number };

/** When to validate. Counts from the start of the run; its state is plain numbers. */
export class ValidationSchedule {
  /** When the last validation was, in milliseconds of training. */
  lastTime = 0;
  readonly #by: 'epochs' | 'steps' | 'seconds' | 'list';
  readonly #every: number;
  readonly #epochs: readonly number[];

  /** Throws `GS_OPTION_VALUE` for what is no frequency. */
  constructor(where: string, frequency: ValidationFrequency = 1) {
    const [by, value] = parts(where, frequency);
    this.#by = by;
    this.#epochs = by === 'list' ? (value as readonly number[]) : [];
    this.#every = by === 'list' ? 0 : (value as number);
  }

  /** Whether to validate after steps, from so many to so many of this run, at so many milliseconds of training. */
  afterSteps(before: number, after: number, time: number): boolean {
    if (this.#by === 'steps') return Math.floor(after / this.#every) > Math.floor(before / this.#every);
    if (this.#by !== 'seconds' || after === before || time - this.lastTime < this.#every * 1000) return false;
    this.lastTime = time;
    return true;
  }

  /** Whether to validate after an epoch, 0-based. */
  afterEpoch(epoch: number): boolean {
    if (this.#by === 'list') return this.#epochs.includes(epoch + 1);
    return this.#by === 'epochs' && (epoch + 1) % this.#every === 0;
  }
}

function parts(where: string, given: unknown): ['epochs' | 'steps' | 'seconds' | 'list', number | readonly number[]] {
  const name = 'validationFrequency';
  const count = { min: 1, integer: true };
  if (Array.isArray(given) && given.length > 0) {
    for (const epoch of given) checkNumber(where, name, epoch, count);
    return ['list', given];
  }
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    const [[by, value] = ['', undefined], ...more] = Object.entries(given);
    if (more.length === 0 && (by === 'epochs' || by === 'steps'))
      return [by, checkNumber(where, `${name}.${by}`, value, count)];
    if (more.length === 0 && by === 'seconds')
      return [by, checkNumber(where, `${name}.${by}`, value, { min: 0, exclusive: 'min' })];
  } else if (typeof given === 'number') return ['epochs', checkNumber(where, name, given, count)];
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected: 'a number of epochs, a list of epochs, { epochs }, { steps } or { seconds }',
    received: describeValue(given),
    next: 'For example validationFrequency: { steps: 500 }.',
  });
}
