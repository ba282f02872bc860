import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolders } from './make-folders.js';

let folder: string;
beforeEach(async () => void (folder = await files.mkdtemp(join(tmpdir(), 'folders-'))));
afterEach(() => files.rm(folder, { recursive: true }));

describe('makeFolders', () => {
  it('makes what is missing and gives the outermost of it', async () => {
    const path = join(folder, 'a', 'b', 'c');
    expect(await makeFolders(path)).toBe(join(folder, 'a'));
    expect((await files.stat(path)).isDirectory()).toBe(true);
    expect(await makeFolders(path)).toBeUndefined();
    expect(await makeFolders(join(path, 'd/'))).toBe(join(path, 'd/'));
  });

  it('says what the file system says where a file is in the way', async () => {
    await files.writeFile(join(folder, 'file'), '');
    await expect(makeFolders(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolders(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolders('')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.skipIf(process.platform !== 'linux')('ends where no folder can be made in one that is there', async () => {
    await expect(makeFolders('/proc/none/below')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('several can make the same at once', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => makeFolders(join(folder, 'x', 'y'))));
    expect(made.filter((outermost) => outermost === join(folder, 'x'))).toHaveLength(1);
    expect((await files.stat(join(folder, 'x', 'y'))).isDirectory()).toBe(true);
  });

  it('gives the error of the file system that it is given', async () => {
    const full = { ...files, mkdir: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) };
    await expect(makeFolders(join(folder, 'a'), full as typeof files)).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});
