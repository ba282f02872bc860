import type { HostArray } from '@gradstream/core';

/** What a checkpoint holds. */
export interface Checkpoint {
  /** The name that the callback gave it. */
  readonly name: string;
  readonly epoch: number;
  readonly globalStep: number;
  /** The weights by path. */
  readonly weights: Readonly<Record<string, HostArray<'float32'>>>;
}

/**
 * Puts a checkpoint somewhere safe and tells where, in words of its own. Training waits for it. With `remove` callbacks can have one taken away by the name that they
 * gave it.
 */
export type CheckpointSink = ((checkpoint: Checkpoint) => Promise<string>) & {
  readonly remove?: (name: string) => Promise<void>;
};
