import type { HostArray } from '@gradstream/core';
import { MANIFEST_FILE, type CheckpointStore } from '../checkpoint-store.js';
import { unpackTensors } from './checkpoint-tensors.js';
import { MANIFEST_BYTES, readManifest, type Manifest } from './manifest.js';

/** The file of the tensors. */
export const TENSORS_FILE = 'tensors.safetensors';

/** A checkpoint's manifest, checked. */
export async function loadManifest(store: CheckpointStore, name: string): Promise<Manifest> {
  return readManifest(await store.read(name, MANIFEST_FILE, MANIFEST_BYTES));
}

/** A checkpoint's tensors, checked against its manifest. No more is read than the manifest says. */
export async function loadTensors(
  store: CheckpointStore,
  name: string,
  manifest: Manifest,
): Promise<Map<string, HostArray>> {
  return unpackTensors(await store.read(name, TENSORS_FILE, manifest.bytes), manifest);
}
