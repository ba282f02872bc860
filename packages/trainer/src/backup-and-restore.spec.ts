import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { start } from '../fixtures/resumable.js';
import { backupAndRestore } from './backup-and-restore.js';
import { memoryCheckpoints } from './checkpoint/memory-checkpoints.js';

beforeAll(() => tf.setBackend('cpu'));

describe('backupAndRestore', () => {
  it.each([{}, { saveFreq: 'epoch' }, { saveFreq: 3 }] as const)(
    'lets a program that was interrupted go on, and one that had ended rest: %j',
    async (options) => {
      const whole = await start({});
      const store = memoryCheckpoints();
      const first = await start({}, backupAndRestore(store, options), (event, stop) => {
        if (event.type === 'stepEnd' && event.globalStep === 5) stop();
      });
      expect(first.history.reason).toBe('stopped');
      const second = await start({}, backupAndRestore(store, options));
      expect(second.weights).toEqual(whole.weights);
      expect(second.history).toEqual(whole.history);
      const third = await start({}, backupAndRestore(store, options));
      expect(third.events.map(({ type }) => type)).toEqual(['trainBegin', 'trainEnd']);
    },
  );

  it('saves as often as it is told', async () => {
    const saved = async (options: Parameters<typeof backupAndRestore>[1]): Promise<number> => {
      const { events } = await start({}, backupAndRestore(memoryCheckpoints(), options));
      return events.filter(({ type }) => type === 'checkpointSaved').length;
    };
    expect(await saved({})).toBe(3);
    // Every third of 12 steps, and once more after the last epoch.
    expect(await saved({ saveFreq: 3 })).toBe(5);
  });

  it.each([
    [{ saveFreq: 0 }, 'GS_OPTION_VALUE'],
    [{ saveFreq: 'batch' }, 'GS_OPTION_VALUE'],
    [{ deleteCheckpoint: true }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => backupAndRestore(memoryCheckpoints(), options as never)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses what is no store', () => {
    expect(() => backupAndRestore('backup' as never)).toThrow(/GS_OPTION_VALUE.*folderCheckpoints\("backup"\)/s);
  });
});
