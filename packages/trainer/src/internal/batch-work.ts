import type { Logs } from '@gradstream/core';
import type { Example } from '@gradstream/datasets';

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
  reset(): void;
  dispose(): void;
}
