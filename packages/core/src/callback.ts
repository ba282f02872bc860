import type { Observable } from 'rxjs';
import type { Json } from './config.js';
import type { TrainingCommand } from './training-command.js';
import type { TrainingEvent } from './training-event.js';

/** What a callback may say about itself beside the function. */
export interface CallbackTraits {
  /** Ends the run with the callback's error; else a failing callback is reported and dropped. */
  readonly critical?: boolean;
  /** State for a checkpoint, plain JSON, and the way back. Given together. */
  readonly state?: () => Json;
  readonly restore?: (state: Json) => void;
}

/**
 * A callback: a function from facts to commands. It sees no tensor, no model and no trainer.
 *
 * `events$` is hot, never fails, and completes after `trainEnd`. Any plain function of this type is a callback; `defineCallback` adds a name and traits.
 */
export type Callback = ((events$: Observable<TrainingEvent>) => Observable<TrainingCommand>) & CallbackTraits;

/** Gives a function the name under which it is reported and checkpointed, and its traits. */
export function defineCallback(
  name: string,
  react: (events$: Observable<TrainingEvent>) => Observable<TrainingCommand>,
  traits: CallbackTraits = {},
): Callback {
  const callback = (events$: Observable<TrainingEvent>): Observable<TrainingCommand> => react(events$);
  Object.defineProperty(callback, 'name', { value: name });
  return Object.assign(callback, traits);
}
