import type { EndReason } from '@gradstream/core';

/** What a training run was: the logs of its epochs and how it ended. */
export interface History {
  /** The finished epochs, 0-based. */
  readonly epoch: readonly number[];
  /** Values by epoch of every log key: `history.val_loss[3]`. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly reason: EndReason;
  /** In words: who ended it and why. */
  readonly message: string;
}
