import type { Logs } from '@gradstream/core';
import type { Example } from '@gradstream/datasets';
import type { SavedMeters } from './meters.js';

/** What is done with each batch of a pass over data, training or testing, and the means of it. */
export interface BatchWork {
  /** Works on a batch; gives the number of its samples. Reads nothing back. */
  take(batch: Example): number;
  /** The loss of the batch that was taken last alone. To be asked for before `settle`. */
  lastLoss(): Promise<number>;
  /** Keeps the number of values on the device bounded. */
  settle(): Promise<void>;
  /** The means since the last reset; nothing before the first batch. */
  read(): Promise<Logs>;
  /** What the means are made of, for a checkpoint; null before the first batch. */
  save(): Promise<SavedMeters | null>;
  /** Goes on from what was saved. Throws `GS_CHECKPOINT_DIFFERS` where that was other work. */
  restore(saved: SavedMeters | null): void;
  reset(): void;
  dispose(): void;
}
