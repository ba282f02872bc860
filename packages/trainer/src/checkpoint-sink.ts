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

/** Puts a checkpoint somewhere safe and tells where, in words of its own. Training waits for it. */
export type CheckpointSink = (checkpoint: Checkpoint) => Promise<string>;
