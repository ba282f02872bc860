import type { Run, TrainingEvent } from '@gradstream/core';
import type { History } from './history.js';

/** Training under way: a run that can wait. */
export interface TrainingRun extends Run<TrainingEvent, History> {
  /** Makes training wait before its next step, and before the next batch of a validation. `trainPaused` says when it does. */
  pause(): void;
  /** Lets it go on. `stop()` ends a run that waits, too. */
  resume(): void;
  /** Whether it waits, or will before its next step. */
  readonly paused: boolean;
}
