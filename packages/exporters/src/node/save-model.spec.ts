import { ofType, type ExportEvent } from '@gradstream/core';
import { dense, sequential, type Model } from '@gradstream/layers';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Exporter } from '../exporter.js';
import { loadWeights } from './load-weights.js';
import { saveModel, type SaveModelOptions } from './save-model.js';

let folder: string;

beforeAll(() => tf.setBackend('cpu'));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradstream-export-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const model = (seed = 1): Model =>
  sequential([dense(3, { inputShape: [2], activation: 'relu' }), dense(1)], { seed, name: 'net' });

/** Everything below a folder, by path from it. */
const tree = async (root = folder): Promise<string[]> => (await readdir(root, { recursive: true })).toSorted();

/** A format of files with given pieces. */
const format = (files: Record<string, number>): Exporter => ({
  format: 'test',
  export: () =>
    Promise.resolve(
      Object.entries(files).map(([name, count]) => ({
        name,
        pieces: Array.from({ length: count }, (_, i) => Uint8Array.of(i)),
      })),
    ),
});

describe('saveModel', () => {
  it('saves a SavedModel into a folder that it makes', async () => {
    const path = join(folder, 'a', 'b');
    const saved = await saveModel(model(), path);
    expect(saved).toEqual({ path, files: [join(path, 'saved_model.pb')] });
    expect(await tree()).toEqual(['a', 'a/b', 'a/b/saved_model.pb']);
  });

  it('tells how far it is and what it wrote, the last when it is there', async () => {
    const run = saveModel(model(), join(folder, 'out'), { format: 'safetensors' });
    const events: ExportEvent[] = [];
    let there: Promise<Buffer> | undefined;
    run.events$.subscribe((event) => events.push(event));
    run.events$.pipe(ofType('fileWritten')).subscribe(({ path }) => (there = readFile(path)));
    const { files } = await run;
    const { length: bytes } = (await there)!;
    expect(events.map((event) => ({ ...event, time: 0 }))).toEqual([
      ...[1, 2, 3, 4, 5].map((done) => ({
        type: 'exportProgress',
        done,
        total: 5,
        what: 'model.safetensors',
        time: 0,
      })),
      { type: 'fileWritten', path: files[0], bytes, time: 0 },
    ]);
  });

  it('reports at most about a hundred times, and the end', async () => {
    const run = saveModel(model(), join(folder, 'out'), { format: format({ a: 512, b: 500 }) });
    const done: number[] = [];
    run.events$.pipe(ofType('exportProgress')).subscribe((event) => done.push(event.done));
    await run;
    expect(done.length).toBeLessThan(110);
    expect(done.at(-1)).toBe(1012);
  });

  it('brings weights back', async () => {
    const { path, files } = await saveModel(model(1), join(folder, 'weights'), { format: 'safetensors' });
    const expected = await model(1).getWeights();
    for (const place of [path, files[0]!]) {
      const other = model(2);
      await loadWeights(other, place);
      expect(await other.getWeights()).toEqual(expected);
    }
  });

  describe('timestamped', () => {
    const seconds = 1_700_000_000;
    const at = (second: number): SaveModelOptions => ({
      timestamped: true,
      format: 'safetensors',
      clock: () => second * 1000 + 999,
    });

    it('makes a version in seconds', async () => {
      const { path } = await saveModel(model(), folder, at(seconds));
      expect(path).toBe(join(folder, '1700000000'));
      await saveModel(model(), folder, at(seconds + 1));
      expect(await readdir(folder)).toEqual(['1700000000', '1700000001']);
    });

    it('waits for the next second where one is taken', async () => {
      await mkdir(join(folder, '1700000000'));
      await mkdir(join(folder, 'temp-1700000001'));
      let second = seconds;
      const clock = (): number => 1000 * second++;
      const { path } = await saveModel(model(), folder, { timestamped: true, clock });
      expect(path).toBe(join(folder, '1700000002'));
      expect(await readdir(folder)).toEqual(['1700000000', '1700000002', 'temp-1700000001']);
    });

    it('gives every one of several writers a version of its own', async () => {
      const saved = await Promise.all(
        Array.from({ length: 2 }, () => saveModel(model(), folder, { timestamped: true })),
      );
      expect(new Set(saved.map(({ path }) => path)).size).toBe(2);
      for (const name of await readdir(folder)) expect(name).toMatch(/^\d+$/);
    });

    it('stops while it waits', async () => {
      const base = join(folder, 'base');
      await mkdir(join(base, '1700000000'), { recursive: true });
      const run = saveModel(model(), base, at(seconds));
      setTimeout(() => run.stop('enough'), 50);
      await expect(run).rejects.toMatchObject({ code: 'GS_EXPORT_STOPPED', received: 'enough' });
      // It did not wait for the next second: nothing was written.
      expect(await tree(base)).toEqual(['1700000000']);
    });
  });

  describe('leaves nothing behind', () => {
    it.each([false, true])('when it is stopped between pieces (timestamped: %s)', async (timestamped) => {
      const run = saveModel(model(), join(folder, 'new', 'deep'), { format: format({ a: 50, b: 50 }), timestamped });
      const seen: string[][] = [];
      run.events$.pipe(ofType('exportProgress')).subscribe(({ done }) => {
        if (done !== 60) return;
        run.stop();
      });
      run.events$.pipe(ofType('fileWritten')).subscribe(({ path }) => seen.push([path]));
      await expect(run).rejects.toMatchObject({ code: 'GS_EXPORT_STOPPED' });
      expect([await tree(), seen]).toEqual([[], []]);
    });

    it('when it is stopped before it begins', async () => {
      const run = saveModel(model(), join(folder, 'new'));
      run.stop();
      await expect(run).rejects.toMatchObject({ code: 'GS_EXPORT_STOPPED' });
      expect(await tree()).toEqual([]);
    });

    it.each([false, true])('when the exporter fails (timestamped: %s)', async (timestamped) => {
      const failing = sequential([dense(1, { inputShape: [2], activation: (x) => tf.square(x) })]);
      await expect(saveModel(failing, join(folder, 'new'), { timestamped })).rejects.toMatchObject({
        code: 'GS_EXPORT_ACTIVATION',
      });
      expect(await tree()).toEqual([]);
    });

    it('when writing fails', async () => {
      const twice: Exporter = {
        format: 'test',
        export: async () => [...(await format({ a: 1 }).export(model())), ...(await format({ a: 1 }).export(model()))],
      };
      await expect(saveModel(model(), join(folder, 'new'), { format: twice })).rejects.toMatchObject({
        code: 'GS_EXPORT_WRITE',
      });
      expect(await tree()).toEqual([]);
    });
  });

  it('shows the folder only when it is whole', async () => {
    const path = join(folder, 'out');
    const run = saveModel(model(), path, { format: format({ a: 20, b: 20 }) });
    const looks: Promise<string[]>[] = [];
    run.events$.pipe(ofType('exportProgress')).subscribe(() => looks.push(tree(path).catch(() => ['none'])));
    await run;
    expect(looks).toHaveLength(40);
    for (const look of (await Promise.all(looks)).slice(0, 39)) expect([['none'], ['a', 'b']]).toContainEqual(look);
    expect(await tree()).toEqual(['out', 'out/a', 'out/b']);
  });

  describe('overwrite', () => {
    it('replaces an earlier export', async () => {
      const path = join(folder, 'out');
      await saveModel(model(1), path, { format: 'safetensors' });
      await saveModel(model(2), path, { format: 'safetensors', overwrite: true });
      const back = model(3);
      await loadWeights(back, path);
      expect(await back.getWeights()).toEqual(await model(2).getWeights());
      expect(await tree()).toEqual(['out', 'out/model.safetensors']);
    });

    it('takes an empty folder, and one that is not there', async () => {
      await mkdir(join(folder, 'empty'));
      await saveModel(model(), join(folder, 'empty'));
      await saveModel(model(), join(folder, 'new'), { overwrite: true });
      expect(await tree()).toEqual(['empty', 'empty/saved_model.pb', 'new', 'new/saved_model.pb']);
    });

    it.each<[string, SaveModelOptions, string]>([
      ['an export, without overwrite', {}, 'saved_model.pb'],
      ['files that are no export, even so', { overwrite: true }, 'thesis.md'],
    ])('never replaces %s', async (_, options, name) => {
      const path = join(folder, 'out');
      await mkdir(path);
      await writeFile(join(path, name), 'mine');
      await expect(saveModel(model(), path, options)).rejects.toMatchObject({
        code: 'GS_EXPORT_EXISTS',
        received: expect.stringContaining(name),
      });
      expect(await readFile(join(path, name), 'utf8')).toBe('mine');
      expect(await tree()).toEqual(['out', `out/${name}`]);
    });

    it('keeps the old export when the new one fails', async () => {
      const path = join(folder, 'out');
      await saveModel(model(1), path, { format: 'safetensors' });
      const run = saveModel(model(2), path, { format: 'safetensors', overwrite: true });
      run.events$.subscribe(() => run.stop());
      await expect(run).rejects.toMatchObject({ code: 'GS_EXPORT_STOPPED' });
      const back = model(3);
      await loadWeights(back, path);
      expect(await back.getWeights()).toEqual(await model(1).getWeights());
    });
  });

  it('never replaces a file', async () => {
    await writeFile(join(folder, 'file'), 'mine');
    await expect(saveModel(model(), join(folder, 'file'), { overwrite: true })).rejects.toMatchObject({
      code: 'GS_EXPORT_EXISTS',
      received: 'a file',
    });
  });

  it('says when the folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(saveModel(model(), join(folder, 'file', 'below', 'out'))).rejects.toMatchObject({
      code: 'GS_EXPORT_WRITE',
      received: expect.stringContaining('ENOTDIR'),
    });
  });

  it('keeps no tensors', async () => {
    const net = model();
    await saveModel(net, join(folder, 'first'));
    const before = tf.memory().numTensors;
    for (let i = 0; i < 4; i++)
      await saveModel(net, join(folder, `${i}`), { format: i % 2 === 0 ? 'savedModel' : 'safetensors' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, unknown, unknown, string]>([
    ['no folder', undefined, {}, 'GS_OPTION_VALUE'],
    ['an empty path', '', {}, 'GS_OPTION_VALUE'],
    ['a path with a zero byte', 'a\0b', {}, 'GS_OPTION_VALUE'],
    ['an unknown format', 'out', { format: 'savedmodel' }, 'GS_OPTION_VALUE'],
    ['a format of Object.prototype', 'out', { format: 'toString' }, 'GS_OPTION_VALUE'],
    ['a misspelt option', 'out', { timeStamped: true }, 'GS_OPTION_UNKNOWN'],
    ['a flag that is none', 'out', { timestamped: 'yes' }, 'GS_OPTION_VALUE'],
  ])('refuses %s', (_, path, options, code) => {
    expect(() => saveModel(model(), path as string, options as SaveModelOptions)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it.each(['../x', 'a/b', '', '.', '..', '/etc/x', 'a\\b', 'a\0'])(
    'refuses an exporter that names a file %j',
    async (name) => {
      await expect(saveModel(model(), join(folder, 'out'), { format: format({ [name]: 1 }) })).rejects.toMatchObject({
        code: 'GS_EXPORT_NAME',
      });
      expect(await tree()).toEqual([]);
    },
  );
});

describe('loadWeights', () => {
  it.each<[string, (root: string) => string]>([
    ['no file', (root) => join(root, 'none')],
    ['a folder without weights', (root) => root],
  ])('refuses %s', async (_, path) => {
    await expect(loadWeights(model(), path(folder))).rejects.toMatchObject({ code: 'GS_EXPORT_FILE' });
  });

  it('refuses a file that is none, and one of another model', async () => {
    await writeFile(join(folder, 'bad.safetensors'), 'not weights');
    await expect(loadWeights(model(), join(folder, 'bad.safetensors'))).rejects.toMatchObject({
      code: 'GS_SAFETENSORS_HEADER',
    });
    const { path } = await saveModel(sequential([dense(1, { inputShape: [2] })]), join(folder, 'other'), {
      format: 'safetensors',
    });
    await expect(loadWeights(model(), path)).rejects.toMatchObject({ code: 'GS_EXPORT_WEIGHTS' });
  });
});
