import { describeValue, type HostArray } from '@gradstream/core';
import { checkpointError } from './checkpoint-error.js';
import { checkName } from './checkpoint-name.js';
import type { CheckpointStore } from './checkpoint-store.js';
import { loadManifest, loadTensors } from './internal/load-checkpoint.js';

/** What a checkpoint tells without being resumed from. */
export interface StoredCheckpoint {
  readonly name: string;
  /** When it was written, in milliseconds since 1970. */
  readonly time: number;
  /** The epoch in hand, 0-based, the steps of it that are done, and all steps. */
  readonly epoch: number;
  readonly step: number;
  readonly globalStep: number;
  /** The last finished epoch's logs. */
  readonly logs: Readonly<Record<string, number>>;
  /** The model's weights by path, for `model.setWeights`. */
  readonly weights: Readonly<Record<string, HostArray<'float32'>>>;
}

/**
 * Reads a checkpoint: the one of a name, or the newest. For its weights alone; to go on training use the option `resumeFrom` of `fit`.
 *
 * Throws `GS_CHECKPOINT_MISSING` where there is none, `GS_CHECKPOINT_DAMAGED` where it is not whole, `GS_CHECKPOINT_VERSION` for one of another version.
 */
export async function readCheckpoint(store: CheckpointStore, name?: string): Promise<StoredCheckpoint> {
  const where = 'trainer/readCheckpoint';
  const names = await store.list();
  const wanted = name === undefined ? names.at(-1) : checkName(where, name);
  if (wanted === undefined || !names.includes(wanted)) {
    throw checkpointError('GS_CHECKPOINT_MISSING', {
      where,
      what: `There is no such checkpoint in ${store.location}`,
      expected: names.length === 0 ? 'at least one' : `one of ${names.join(', ')}`,
      received: name === undefined ? 'none' : describeValue(name),
      next: 'Check the place and the name.',
    });
  }
  const manifest = await loadManifest(store, wanted);
  const tensors = await loadTensors(store, wanted, manifest);
  const { position, models, logs } = manifest.run;
  return {
    name: wanted,
    time: manifest.time,
    epoch: position.epoch,
    step: position.step,
    globalStep: models[0]!.steps,
    logs,
    weights: Object.fromEntries(
      [...tensors]
        .filter(([tensor]) => tensor.startsWith('weights/'))
        .map(([tensor, array]) => [tensor.slice('weights/'.length), array as HostArray<'float32'>]),
    ),
  };
}
