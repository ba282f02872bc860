import type { Json, TrainingEvent } from '@gradstream/core';
import { badState } from '../internal/training-memory.js';

/** Observations of each kind that are remembered: the first ones, and the last ones. No diagnosis looks further. */
const FIRST = 5;
const LAST = 25;

/** What diagnoses have seen, as far as they still judge by it: it is what they remember in checkpoints. */
export class WatchedEvents {
  /** Training steps. */
  steps = 0;
  readonly #kinds = new Map<string, { readonly place: number; readonly event: TrainingEvent }[]>();
  #place = 0;

  add(event: TrainingEvent): void {
    if (event.type === 'stepEnd') this.steps++;
    const kind = kindOf(event);
    if (kind === undefined) return;
    const events = this.#kinds.get(kind) ?? [];
    this.#kinds.set(kind, events);
    events.push({ place: this.#place++, event });
    // The epochs are all judged by, and are few numbers.
    if (kind !== 'epochEnd' && events.length > FIRST + LAST) events.splice(FIRST, 1);
  }

  /** In the order in which they were seen. */
  get events(): readonly TrainingEvent[] {
    return [...this.#kinds.values()]
      .flat()
      .toSorted((a, b) => a.place - b.place)
      .map(({ event }) => event);
  }

  toJson(): Json {
    return { steps: this.steps, events: this.events as unknown as Json };
  }

  /** Throws `GS_CALLBACK_STATE` for what `toJson` cannot have given. */
  static from(where: string, json: Json): WatchedEvents {
    const { steps, events } = Object(json) as { readonly steps?: unknown; readonly events?: unknown };
    const fits =
      Number.isSafeInteger(steps) &&
      (steps as number) >= 0 &&
      Array.isArray(events) &&
      events.every((event) => kindOf(Object(event) as TrainingEvent) !== undefined);
    if (!fits) throw badState(where, '{ steps, events }', json);
    const memory = new WatchedEvents();
    for (const event of events as readonly TrainingEvent[]) memory.add(event);
    memory.steps = steps as number;
    return memory;
  }
}

/** What is remembered: statistics of a kind of tensor, losses of single steps, ends of epochs. */
function kindOf(event: TrainingEvent): string | undefined {
  if (event.type === 'statistics') return typeof event.tensors === 'object' ? `statistics ${event.kind}` : undefined;
  if (event.type === 'epochEnd') return typeof event.logs === 'object' ? event.type : undefined;
  return event.type === 'stepEnd' && event.loss !== undefined ? event.type : undefined;
}
