import { afterEach, describe, expect, it, vi } from 'vitest';
import { FolderStub } from '../../fixtures/browser-folder.js';
import { content } from '../../fixtures/checkpoint-content.js';
import { browserCheckpoints } from './browser-checkpoints.js';
import type { CheckpointStore } from './checkpoint-store.js';
import { loadManifest, loadTensors } from './internal/load-checkpoint.js';
import { saveCheckpoint } from './internal/save-checkpoint.js';

afterEach(() => vi.unstubAllGlobals());

const save = (store: CheckpointStore, step: number): Promise<unknown> =>
  saveCheckpoint(store, 'checkpoint', content(step), 2);
const steps = async (store: CheckpointStore): Promise<number[]> =>
  Promise.all(
    (await store.list()).map(async (name) => {
      const manifest = await loadManifest(store, name);
      expect(await loadTensors(store, name, manifest)).toEqual(content(manifest.run.models[0]!.steps).tensors);
      return manifest.run.models[0]!.steps;
    }),
  );

describe('browserCheckpoints', () => {
  it('keeps checkpoints in the private files of the origin, in a folder of their own', async () => {
    const origin = new FolderStub();
    vi.stubGlobal('navigator', { storage: { getDirectory: async () => origin } });
    const store = browserCheckpoints('digits');
    expect(await store.list()).toEqual([]);
    expect(store.location).toBe('opfs:digits');
    await store.open();
    for (const step of [1, 2, 3]) await save(store, step);
    expect(await steps(browserCheckpoints('digits'))).toEqual([2, 3]);
    expect([...origin.folders.keys()]).toEqual(['digits']);
    expect([...origin.folders.get('digits')!.folders.keys()]).toEqual(['checkpoint-000002', 'checkpoint-000003']);
  });

  it('has a whole checkpoint whenever the page is closed, and clears away what was left', async () => {
    const counting = new FolderStub();
    for (const step of [1, 2]) await save(browserCheckpoints(counting), step);
    const before = counting.world.changes;
    await save(browserCheckpoints(counting), 3);
    const after = counting.world.changes;
    expect(after - before).toBeGreaterThan(8);
    for (let dies = before; dies < after; dies++) {
      const world = { changes: 0, dies };
      const root = new FolderStub(world);
      const store = browserCheckpoints(root);
      for (const step of [1, 2]) await save(store, step);
      await expect(save(store, 3)).rejects.toThrow(/GS_CHECKPOINT_WRITE .*AbortError/s);
      expect([
        [1, 2],
        [1, 2, 3],
        [2, 3],
      ]).toContainEqual(await steps(store));
      world.dies = Infinity;
      await save(store, 4);
      expect((await steps(store)).at(-1)).toBe(4);
      expect(root.folders.size).toBe((await store.list()).length);
    }
  });

  it('tells of a quota that is used up and leaves the others alone', async () => {
    const root = new FolderStub();
    const store = browserCheckpoints(root);
    await save(store, 1);
    root.world.full = true;
    await expect(save(store, 2)).rejects.toThrow(/GS_CHECKPOINT_WRITE .*QuotaExceededError/s);
    expect(await steps(store)).toEqual([1]);
    expect(root.folders.size).toBe(1);
  });

  it('sees a file that is missing or cut', async () => {
    const root = new FolderStub();
    const store = browserCheckpoints(root);
    await save(store, 1);
    const files = root.folders.get('checkpoint-000001')!.files;
    files.set('tensors.safetensors', files.get('tensors.safetensors')!.slice(0, -1));
    await expect(steps(store)).rejects.toThrow(/GS_CHECKPOINT_DAMAGED/);
    files.delete('tensors.safetensors');
    await expect(steps(store)).rejects.toThrow(/GS_CHECKPOINT_DAMAGED/);
    files.set('tensors.safetensors', new Uint8Array(5000));
    await expect(steps(store)).rejects.toThrow(/GS_CHECKPOINT_DAMAGED .*too large/s);
  });

  it('says where there are no such files', async () => {
    vi.stubGlobal('navigator', {});
    await expect(browserCheckpoints('a').open()).rejects.toThrow(/GS_CHECKPOINT_WRITE .*folderCheckpoints/s);
  });

  it.each([undefined, '', '..', 'a/b', 3, {}, null])('refuses the folder %j', (folder) => {
    expect(() => browserCheckpoints(folder as never)).toThrow(/GS_OPTION_VALUE/);
  });
});
