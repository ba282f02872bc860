import type { HostArray } from '@gradstream/core';
import { MANIFEST_FILE, type CheckpointStore } from '../checkpoint-store.js';
import { checkpointNames, parseCheckpointName } from '../checkpoint-name.js';
import { packTensors } from './checkpoint-tensors.js';
import { loadManifest, loadTensors, TENSORS_FILE } from './load-checkpoint.js';
import { writeManifest, type Manifest } from './manifest.js';

/** What goes into a checkpoint. */
export interface CheckpointContent extends Omit<Manifest, 'bytes' | 'tensors'> {
  readonly tensors: ReadonlyMap<string, HostArray>;
}

/**
 * Writes a checkpoint, reads it again, and takes away those of the same label that are older than the `keep` newest. Gives its name and its size in bytes.
 * Where the one that was written cannot be read, the error says so and nothing is taken away.
 */
export async function saveCheckpoint(
  store: CheckpointStore,
  label: string,
  { tensors, ...about }: CheckpointContent,
  keep: number,
): Promise<{ readonly name: string; readonly bytes: number }> {
  const { pieces, bytes, entries } = packTensors(tensors);
  const manifest = writeManifest({ ...about, bytes, tensors: entries });
  const name = await store.write(label, [
    { name: TENSORS_FILE, pieces },
    { name: MANIFEST_FILE, pieces: [manifest] },
  ]);
  await loadTensors(store, name, await loadManifest(store, name));
  await prune(store, name, keep);
  return { name, bytes: bytes + manifest.length };
}

async function prune(store: CheckpointStore, newest: string, keep: number): Promise<void> {
  const label = parseCheckpointName(newest)?.label;
  const names = checkpointNames(await store.list()).filter((found) => found.label === label);
  for (const { name } of names.slice(0, Math.max(0, names.length - keep)))
    if (name !== newest) await store.remove(name);
}
