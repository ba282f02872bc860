import { describeValue, type Json } from '@gradstream/core';
import type { TrainingState } from '../../internal/training-state.js';
import { checkpointError, damaged, isDamage } from '../checkpoint-error.js';
import type { CheckpointStore } from '../checkpoint-store.js';
import { checkTensors } from './check-tensors.js';
import { loadManifest, loadTensors } from './load-checkpoint.js';
import type { Manifest } from './manifest.js';
import type { NamedHostArrays } from './model-snapshot.js';
import { checkDefinition } from './training-definition.js';

/** A checkpoint to go on from. */
export interface FoundCheckpoint {
  readonly name: string;
  readonly manifest: Manifest;
  readonly tensors: NamedHostArrays;
  /** Newer ones that could not be used, and why. */
  readonly passedOver: readonly { readonly name: string; readonly message: string }[];
}

/**
 * The checkpoint of a name, or with `latest` the newest that is whole; null where there is none at all. Everything about it is checked.
 *
 * Throws `GS_CHECKPOINT_MISSING` for a name that is not there, `GS_CHECKPOINT_DAMAGED` where it, or each of them, is not whole, `GS_CHECKPOINT_VERSION` and
 * `GS_CHECKPOINT_DIFFERS`.
 */
export async function findCheckpoint(
  where: string,
  store: CheckpointStore,
  wanted: string,
  state: TrainingState,
  definition: Json,
): Promise<FoundCheckpoint | null> {
  const load = async (name: string): Promise<Omit<FoundCheckpoint, 'passedOver'>> => {
    const manifest = await loadManifest(store, name);
    checkDefinition(`${where} resumeFrom`, name, manifest.definition, definition);
    checkTensors(state, manifest);
    return { name, manifest, tensors: await loadTensors(store, name, manifest) };
  };
  const names = await store.list();
  if (wanted !== 'latest') {
    if (!names.includes(wanted)) throw missing(where, store, wanted, names);
    return { ...(await load(wanted)), passedOver: [] };
  }
  const passedOver: { name: string; message: string }[] = [];
  let cause: unknown;
  for (const name of names.toReversed()) {
    try {
      return { ...(await load(name)), passedOver };
    } catch (error) {
      if (!isDamage(error)) throw error;
      cause = error;
      passedOver.push({ name, message: (error as Error).message });
    }
  }
  if (names.length === 0) return null;
  throw damaged(
    `${where} resumeFrom`,
    `None of the checkpoints in ${store.location} is whole`,
    'at least one that is',
    passedOver.map(({ name, message }) => `${name}: ${message}`).join('\n'),
    cause,
  );
}

function missing(where: string, store: CheckpointStore, wanted: string, names: readonly string[]): Error {
  return checkpointError('GS_CHECKPOINT_MISSING', {
    where: `${where} resumeFrom`,
    what: `There is no checkpoint of this name in ${store.location}`,
    expected: names.length === 0 ? '"latest": there is none yet' : `"latest" or one of ${names.join(', ')}`,
    received: describeValue(wanted),
    next: 'Pass one of these.',
  });
}
