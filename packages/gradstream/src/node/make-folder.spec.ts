import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from './make-folder.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gradstream-folder-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

it('makes a folder, and those above it, and takes one that is there', async () => {
  for (let round = 0; round < 2; round++) await makeFolder('test', '--logs', join(root, 'a/b'));
  expect((await stat(join(root, 'a/b'))).isDirectory()).toBe(true);
});

it.each(['file', 'file/below'])('refuses %s, where a file is in the way', async (path) => {
  await writeFile(join(root, 'file'), '');
  await expect(makeFolder('test', '--logs', join(root, path))).rejects.toMatchObject({
    code: 'GS_OPTION_VALUE',
    message: expect.stringContaining('--logs'),
  });
});

it.skipIf(process.platform !== 'linux')('refuses a place in which the system makes no folders', async () => {
  await expect(makeFolder('test', '--logs', '/proc/none')).rejects.toMatchObject({ code: 'GS_OPTION_VALUE' });
});
