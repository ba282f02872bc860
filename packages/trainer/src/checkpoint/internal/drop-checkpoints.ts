import { isDamage } from '../checkpoint-error.js';
import { checkpointNames } from '../checkpoint-name.js';
import type { CheckpointStore } from '../checkpoint-store.js';
import { loadManifest, loadTensors } from './load-checkpoint.js';

/** So many whole checkpoints stay, whatever is unwanted. */
const STAY = 2;

/**
 * Takes away all checkpoints of these labels, oldest first, but never so many that fewer than two whole ones are left: what stays is read again before, and where it
 * does not suffice, the newest of the unwanted stay with it. Gives the labels of those.
 */
export async function dropCheckpoints(store: CheckpointStore, labels: ReadonlySet<string>): Promise<Set<string>> {
  const names = checkpointNames(await store.list());
  const unwanted = names.filter(({ label }) => labels.has(label));
  const held = new Set<string>();
  if (unwanted.length === 0) return held;
  let whole = 0;
  for (const { name } of names.filter(({ label }) => !labels.has(label)).toReversed()) {
    if (whole === STAY) break;
    if (await isWhole(store, name)) whole++;
  }
  const gone: string[] = [];
  for (const { name, label } of unwanted.toReversed()) {
    if (whole < STAY && (await isWhole(store, name))) {
      whole++;
      held.add(label);
    } else gone.push(name);
  }
  for (const name of gone.toReversed()) await store.remove(name);
  return held;
}

async function isWhole(store: CheckpointStore, name: string): Promise<boolean> {
  try {
    await loadTensors(store, name, await loadManifest(store, name));
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}
