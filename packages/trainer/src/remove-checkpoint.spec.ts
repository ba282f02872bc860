import '@tensorflow/tfjs-backend-cpu';
import { defineCallback, type TrainingCommand } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatMap } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start } from '../fixtures/resumable.js';
import { memoryCheckpoints } from './checkpoint/memory-checkpoints.js';
import type { CheckpointStore } from './checkpoint/checkpoint-store.js';
import { folderCheckpoints } from './node/folder-checkpoints.js';

beforeAll(() => tf.setBackend('cpu'));

const folder = mkdtempSync(join(tmpdir(), 'remove-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));
let folders = 0;

/** Sends commands after steps: `+a` saves, `-a` removes. */
const script = (...bySteps: readonly string[]) => ({
  callbacks: () => [
    defineCallback('script', (events$) =>
      events$.pipe(
        concatMap((event): TrainingCommand[] => {
          if (event.type !== 'stepEnd') return [];
          const words = (bySteps[event.globalStep] ?? '').split(' ').filter((word) => word !== '');
          return words.map((word) => ({
            type: word.startsWith('+') ? 'saveCheckpoint' : 'removeCheckpoint',
            name: word.slice(1),
          }));
        }),
      ),
    ),
  ],
});
const play = async (store: CheckpointStore, ...bySteps: readonly string[]): Promise<readonly string[]> => {
  const { events } = await start(script(...bySteps), { checkpointStore: store });
  return events.flatMap((event) => {
    if (event.type === 'callbackFailed') return [event.message];
    return event.type === 'diagnosis' ? [event.name] : [];
  });
};

describe('removeCheckpoint on a store', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['takes away all of a name', ['+a +b', '+a +c', '-a'], ['b-000002', 'c-000004']],
    ['leaves two whatever is asked', ['+a +b', '-a -b'], ['a-000001', 'b-000002']],
    ['lets go what was in the way when others come', ['+a', '-a +b', '+c', ''], ['b-000002', 'c-000003']],
    ['saves first, in one answer', ['+a', '+b', '-a +c'], ['b-000002', 'c-000003']],
    ['keeps what is asked for again', ['+a', '-a', '+a', '+b', '+c'], ['a-000001', 'a-000002', 'b-000003', 'c-000004']],
    ['does not save what is not wanted any more', ['+a +b', '+c -c'], ['a-000001', 'b-000002']],
    ['has nothing to do with a name that is not there', ['+a', '-x'], ['a-000001']],
    ['keeps a name apart from those that begin with it', ['+a +a-b', '+c', '-a'], ['a-b-000002', 'c-000003']],
  ])('%s', async (_, steps, names) => {
    for (const store of [memoryCheckpoints(), folderCheckpoints(join(folder, `${folders++}`))]) {
      expect(await play(store, ...steps)).toEqual([]);
      expect(await store.list()).toEqual(names);
    }
  });

  it('counts only those that are whole, and reads them again before', async () => {
    const plain = memoryCheckpoints();
    const torn: CheckpointStore = {
      ...plain,
      async read(name, file, limit) {
        const bytes = await plain.read(name, file, limit);
        if (name === 'b-000002' && (await plain.list()).length > 2) bytes[bytes.length - 1]! ^= 1;
        return bytes;
      },
    };
    expect(await play(torn, '+a', '+b', '+c', '-a')).toEqual([]);
    expect(await plain.list()).toEqual(['a-000001', 'b-000002', 'c-000003']);
  });

  it('removes nothing where the new one cannot be written', async () => {
    const plain = memoryCheckpoints();
    const full: CheckpointStore = {
      ...plain,
      write: (label, files) => (label === 'd' ? Promise.reject(new Error('ENOSPC')) : plain.write(label, files)),
    };
    expect(await play(full, '+a', '+b', '+c', '-a +d')).toEqual(['checkpointFailed']);
    expect(await plain.list()).toEqual(['a-000001', 'b-000002', 'c-000003']);
  });

  it('says where it cannot remove, and trains on', async () => {
    const plain = memoryCheckpoints();
    const stuck: CheckpointStore = { ...plain, remove: () => Promise.reject(new Error('EROFS')) };
    expect(await play(stuck, '+a', '+b', '+c', '-a')).toEqual(['checkpointNotRemoved']);
  });

  it.each(['../x', '', 'a/b'])('has no name %j', async (name) => {
    expect((await play(memoryCheckpoints(), `-${name}`)).join('')).toContain('GS_CHECKPOINT_NAME');
  });
});
