import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { content } from '../../fixtures/checkpoint-content.js';
import { failingFiles, type Fault } from '../../fixtures/failing-files.js';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.js';
import { loadManifest, loadTensors } from '../checkpoint/internal/load-checkpoint.js';
import { saveCheckpoint } from '../checkpoint/internal/save-checkpoint.js';
import { folderCheckpoints } from './folder-checkpoints.js';
import { folderStore } from './internal/folder-store.js';

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradstream-checkpoints-'));
  root = join(folder, 'runs', 'a');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const save = (store: CheckpointStore, step: number, label = 'checkpoint') =>
  saveCheckpoint(store, label, content(step), 2);
/** The step of a checkpoint, everything in it checked. */
async function stepOf(store: CheckpointStore, name: string): Promise<number> {
  const manifest = await loadManifest(store, name);
  const tensors = await loadTensors(store, name, manifest);
  expect(tensors.get('optimizer/0.step')!.values[0]).toBe(manifest.run.models[0]!.steps);
  return manifest.run.models[0]!.steps;
}
const steps = async (store: CheckpointStore): Promise<number[]> =>
  Promise.all((await store.list()).map((name) => stepOf(store, name)));

describe('folderCheckpoints', () => {
  it('writes, keeps the two newest of each label, and reads back what was written', async () => {
    const store = folderCheckpoints(root);
    expect(await store.list()).toEqual([]);
    await store.open();
    for (const step of [1, 2, 3]) await save(store, step);
    const { name, bytes } = await save(store, 4, 'best');
    await save(store, 5);
    expect(await store.list()).toEqual(['checkpoint-000003', 'best-000004', 'checkpoint-000005']);
    expect(bytes).toBe(
      readdirSync(join(root, name)).reduce((sum, file) => sum + statSync(join(root, name, file)).size, 0),
    );
    const manifest = await loadManifest(store, name);
    const { tensors, ...about } = content(4);
    expect(manifest).toMatchObject(about);
    expect(await loadTensors(store, name, manifest)).toEqual(tensors);
    expect(JSON.parse(readFileSync(join(root, name, 'manifest.json'), 'utf8'))).toMatchObject({
      manifest: { format: 'gradstream-checkpoint', version: 3 },
    });
  });

  it('brings every file to the disk before its name, and the name after it', async () => {
    const { files, log } = failingFiles();
    const store = folderStore(root, files);
    await store.open();
    expect(log).toEqual([
      'mkdir runs',
      'mkdir a',
      'sync ' + folder.split('/').at(-1),
      'mkdir temporary',
      'rm temporary',
    ]);
    log.length = 0;
    await save(store, 1);
    expect(log).toEqual([
      'mkdir temporary',
      'create tensors.safetensors',
      'write tensors.safetensors',
      'sync tensors.safetensors',
      'create manifest.json',
      'write manifest.json',
      'sync manifest.json',
      'sync temporary',
      'rename temporary checkpoint-000001',
      'sync a',
    ]);
  });

  it('has a whole checkpoint whenever its writer dies', async () => {
    const { files, log } = failingFiles();
    const counting = folderStore(join(folder, 'counting'), files);
    for (const step of [1, 2, 3]) {
      if (step === 3) log.length = 0;
      await save(counting, step);
    }
    expect(log).toHaveLength(12);
    for (const kind of ['dies', 'tears', 'fails'] as const) {
      for (let at = 0; at < log.length; at++) {
        const place = join(folder, `${kind}-${at}`);
        const before = folderCheckpoints(place);
        for (const step of [1, 2]) await save(before, step);
        await expect(save(folderStore(place, failingFiles({ at, kind }).files), 3), log[at]).rejects.toThrow(
          /GS_CHECKPOINT_WRITE/,
        );
        const left = await steps(before);
        expect(left.slice(0, 2), `${kind} at ${log[at]}`).toEqual(left.includes(1) ? [1, 2] : [2, 3]);
        // And the next one is written.
        await save(before, 4);
        expect((await steps(before)).at(-1)).toBe(4);
      }
    }
  });

  it.each<[string, Fault]>([
    ['a full disk', { at: 3, kind: 'fails', code: 'ENOSPC' }],
    ['a disk that fails when it is to keep the data', { at: 5, kind: 'fails', code: 'EIO' }],
    ['a folder that can only be read', { at: 1, kind: 'fails', code: 'EROFS' }],
    ['a folder that belongs to somebody else', { at: 1, kind: 'fails', code: 'EACCES' }],
  ])('tells of %s and leaves the others alone', async (_, fault) => {
    await save(folderCheckpoints(root), 1);
    await expect(save(folderStore(root, failingFiles(fault).files), 2)).rejects.toThrow(
      new RegExp(`GS_CHECKPOINT_WRITE .*${fault.code}`, 's'),
    );
    expect(readdirSync(root)).toEqual(['checkpoint-000001']);
  });

  it('finds out at the start that a folder cannot be written to', async () => {
    const store = folderStore(root, failingFiles({ at: 2, kind: 'fails', code: 'EROFS' }).files);
    await expect(store.open()).rejects.toThrow(/GS_CHECKPOINT_WRITE .*EROFS/s);
    writeFileSync(join(folder, 'file'), '');
    await expect(folderCheckpoints(join(folder, 'file', 'a')).open()).rejects.toThrow(/GS_CHECKPOINT_WRITE .*ENOTDIR/s);
  });

  it('survives a disk that is really full', async ({ skip }) => {
    mkdirSync(root, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48k', 'tmpfs', root], { stdio: 'ignore' });
    } catch {
      return skip('a small disk cannot be mounted here');
    }
    try {
      const store = folderCheckpoints(root);
      await save(store, 1);
      writeFileSync(join(root, 'foreign'), new Uint8Array(40000));
      await expect(save(store, 2)).rejects.toThrow(/GS_CHECKPOINT_WRITE .*ENOSPC/s);
      expect(await steps(store)).toEqual([1]);
      rmSync(join(root, 'foreign'));
      await save(store, 2);
      expect(await steps(store)).toEqual([1, 2]);
      execFileSync('mount', ['-o', 'remount,ro', root]);
      await expect(store.open()).rejects.toThrow(/GS_CHECKPOINT_WRITE .*EROFS/s);
      expect(await steps(store)).toEqual([1, 2]);
    } finally {
      execFileSync('umount', [root]);
    }
  });

  it('clears away what dead writers left, and nothing else', async () => {
    const host = hostname()
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(0, 40);
    const dead = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
    const temporary = (name: string): string => `.gradstream-temp-${name}-abc`;
    const gone = [temporary(`${host}-${dead}`), temporary('elsewhere-1-old').replace('-old', '')];
    const stays = [temporary(`${host}-${process.pid}`), temporary('other-1'), '.git', 'temp', 'notes'];
    for (const name of [...gone, ...stays]) mkdirSync(join(root, name, 'inside'), { recursive: true });
    utimesSync(join(root, gone[1]!), 1, 1);
    await folderCheckpoints(root).open();
    expect(readdirSync(root).toSorted()).toEqual(stays.toSorted());
  });

  it('takes a copy for what it is, and does not count half of one', async () => {
    await save(folderCheckpoints(root), 1);
    await save(folderCheckpoints(root), 2);
    const copy = join(folder, 'copy');
    cpSync(root, copy, { recursive: true });
    const store = folderCheckpoints(copy);
    await store.open();
    expect(await steps(store)).toEqual([1, 2]);
    rmSync(join(copy, 'checkpoint-000002', 'manifest.json'));
    expect(await store.list()).toEqual(['checkpoint-000001']);
    // The half that is there is nobody's to overwrite.
    expect((await save(store, 3)).name).toBe('checkpoint-000003');
    expect(readdirSync(copy)).toContain('checkpoint-000002');
  });

  it.each<[string, (path: string) => void]>([
    ['a torn last block of the tensors', (path) => overwrite(join(path, 'tensors.safetensors'), -8)],
    ['a cut tensors file', (path) => truncateSync(join(path, 'tensors.safetensors'), 100)],
    ['a longer tensors file', (path) => appendFileSync(join(path, 'tensors.safetensors'), 'x')],
    ['no tensors file', (path) => rmSync(join(path, 'tensors.safetensors'))],
    ['an empty tensors file', (path) => truncateSync(join(path, 'tensors.safetensors'))],
    ['a torn manifest', (path) => overwrite(join(path, 'manifest.json'), -40)],
    ['a cut manifest', (path) => truncateSync(join(path, 'manifest.json'), 200)],
    ['an empty manifest', (path) => truncateSync(join(path, 'manifest.json'))],
    ['a changed manifest', (path) => overwrite(join(path, 'manifest.json'), 200)],
    [
      'a folder in place of the tensors',
      (path) => {
        rmSync(join(path, 'tensors.safetensors'));
        mkdirSync(join(path, 'tensors.safetensors'));
      },
    ],
  ])('sees %s', async (_, harm) => {
    const store = folderCheckpoints(root);
    const { name } = await save(store, 1);
    harm(join(root, name));
    await expect(stepOf(store, name)).rejects.toThrow(/GS_CHECKPOINT_DAMAGED/);
  });

  it.each(['', 'a/b-000001', '../a-000001', 'checkpoint', '..', 'a-1', 'a\0-000001', `${'x'.repeat(200)}-000001`])(
    'refuses the name %j',
    async (name) => {
      const store = folderCheckpoints(root);
      await expect(async () => store.read(name, 'manifest.json', 10)).rejects.toThrow(/GS_CHECKPOINT_NAME/);
      await expect(async () => store.remove(name)).rejects.toThrow(/GS_CHECKPOINT_NAME/);
      await expect(async () => store.write(`${name}/`, [])).rejects.toThrow(/GS_CHECKPOINT_NAME/);
    },
  );

  it.each([undefined, '', 3, 'a\0b'])('refuses the path %j', (path) => {
    expect(() => folderCheckpoints(path as never)).toThrow(/GS_OPTION_VALUE/);
  });
});

/** Zeros over what stands at a place of a file and behind it, as a block that never reached the disk. */
function overwrite(path: string, from: number): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0, from < 0 ? bytes.length + from : from, from < 0 ? bytes.length : from + 1));
}
