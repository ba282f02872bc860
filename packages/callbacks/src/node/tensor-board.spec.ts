import type { TrainingEvent } from '@gradstream/core';
import { readScalars } from '@gradstream/tensorboard';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, of, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tensorBoard } from './tensor-board.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradstream-logs-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('tensorBoard', () => {
  it('writes train/ and validation/, and no more', async () => {
    const logs = { loss: 2, val_loss: 4, '../../x': 1 };
    const events: TrainingEvent[] = [
      { type: 'epochEnd', time: 1, epoch: 0, steps: 1, globalStep: 1, logs, learningRate: 0.5 },
      { type: 'trainEnd', time: 2, reason: 'completed', message: '', epochs: 1, logs },
    ];
    const commands = await lastValueFrom(tensorBoard(join(folder, 'logs'))(of(...events)).pipe(toArray()));
    await Promise.all(commands.map((command) => (command as { until: Promise<unknown> }).until));
    expect(await readdir(folder)).toEqual(['logs']);
    expect((await readdir(join(folder, 'logs'))).toSorted()).toEqual(['train', 'validation']);
    const [name, ...more] = await readdir(join(folder, 'logs', 'train'));
    expect(more).toEqual([]);
    const curves = await readScalars(await readFile(join(folder, 'logs', 'train', name!)));
    expect([...curves.keys()]).toEqual(['epoch_loss', 'epoch_../../x', 'epoch_learning_rate']);
  });

  it.each<[unknown]>([[''], [3], [{ updateFreq: 1 }], [null]])('refuses the folder %j', (logDir) => {
    expect(() => tensorBoard(logDir as string)).toThrow(expect.objectContaining({ code: 'GS_OPTION_VALUE' }));
  });
});
