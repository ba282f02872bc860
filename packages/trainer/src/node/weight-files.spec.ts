import '@tensorflow/tfjs-backend-cpu';
import { defineCallback, type TrainingCommand } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatMap } from 'rxjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { network, points, trainerOf, watch } from '../../fixtures/two-classes.js';
import { readWeights, weightFiles } from './weight-files.js';

beforeAll(() => tf.setBackend('cpu'));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weight-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Sends commands at the ends of epochs. */
const sending = (byEpoch: readonly (readonly TrainingCommand[])[]) =>
  defineCallback('sending', (events$) =>
    events$.pipe(concatMap((event) => (event.type === 'epochEnd' ? (byEpoch[event.epoch] ?? []) : []))),
  );
const save = (name: string): TrainingCommand => ({ type: 'saveCheckpoint', name, contents: 'weights' });
const failureOf = async (command: TrainingCommand, into = weightFiles(folder)): Promise<string> => {
  const { events } = await watch(trainerOf(), points(16, 16), {
    callbacks: [sending([[command]])],
    checkpointSink: into,
  });
  const failure = events.find((event) => event.type === 'callbackFailed');
  return failure === undefined ? '' : failure.message;
};

describe('weightFiles', () => {
  it('writes weights that come back, replaces and removes them', async () => {
    const model = network();
    const deep = join(folder, 'a', 'b');
    const { events } = await watch(trainerOf(model), points(32, 16), {
      epochs: 3,
      checkpointSink: weightFiles(deep),
      callbacks: [sending([[save('one'), save('best')], [save('best')], [{ type: 'removeCheckpoint', name: 'one' }]])],
    });
    const saved = events.filter((event) => event.type === 'checkpointSaved');
    expect(saved.map(({ location }) => location)).toEqual(
      ['one', 'best', 'best'].map((name) => join(deep, `${name}.safetensors`)),
    );
    expect(await readdir(deep)).toEqual(['best.safetensors']);
    const weights = await readWeights(join(deep, 'best.safetensors'));
    expect(Object.keys(weights).toSorted()).toEqual(model.weights.map(({ path }) => path).toSorted());
    const other = network(5);
    other.setWeights(weights);
    expect(await other.getWeights()).toEqual(weights);
    expect(weights).not.toEqual(await model.getWeights());
    expect(await readFile(join(deep, 'best.safetensors'), 'latin1')).toContain('"epoch":"1"');
  });

  it.each(['../x', 'a/b', 'a\\b', '', '.hidden', 'x\0', 'end.', 'a'.repeat(200)])('has no name %j', async (name) => {
    expect(await failureOf(save(name))).toContain('GS_CHECKPOINT_NAME');
    expect(await failureOf({ type: 'removeCheckpoint', name })).toContain('GS_CHECKPOINT_NAME');
    expect(await readdir(folder)).toEqual([]);
  });

  it('says where it cannot write, and leaves nothing behind', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await failureOf(save('x'), weightFiles(join(folder, 'file')))).toMatch(/EEXIST|ENOTDIR/);
    if (process.getuid?.() !== 0) {
      await chmod(folder, 0o500);
      expect(await failureOf(save('x'))).toMatch(/EACCES/);
      await chmod(folder, 0o700);
    }
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('keeps no more than weights, and removes nothing where it cannot', async () => {
    expect(await failureOf({ type: 'saveCheckpoint', name: 'x', contents: 'all' })).toContain(
      'GS_TRAIN_CHECKPOINT_SINK',
    );
    const plain = async (): Promise<string> => 'nowhere';
    expect(await failureOf({ type: 'removeCheckpoint', name: 'x' }, plain)).toContain('GS_TRAIN_COMMAND');
  });

  it.each(['', 5, undefined, 'a\0'])('refuses the path %j', async (path) => {
    expect(() => weightFiles(path as never)).toThrow(expect.objectContaining({ code: 'GS_OPTION_VALUE' }));
    await expect(readWeights(path as never)).rejects.toMatchObject({ code: 'GS_OPTION_VALUE' });
  });

  it('reads no file that was cut', async () => {
    await watch(trainerOf(), points(16, 16), {
      callbacks: [sending([[save('x')]])],
      checkpointSink: weightFiles(folder),
    });
    const path = join(folder, 'x.safetensors');
    await writeFile(path, (await readFile(path)).subarray(0, -4));
    await expect(readWeights(path)).rejects.toThrow(/GS_SAFETENSORS/);
  });
});
