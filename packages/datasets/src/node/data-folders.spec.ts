import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cacheFolder, dataFolders } from './data-folders.js';

afterEach(() => vi.unstubAllEnvs());

const root = resolve('/');

describe('dataFolders', () => {
  it('is the folder that was named alone', () => {
    vi.stubEnv('GRADSTREAM_DATA', join(root, 'data'));
    expect(dataFolders('mnist', join(root, 'mine'))).toEqual([join(root, 'mine'), join(root, 'mine', 'mnist')]);
  });

  it('puts GRADSTREAM_DATA first, then the shared folder', () => {
    vi.stubEnv('GRADSTREAM_DATA', join(root, 'data'));
    expect(dataFolders('mnist', undefined)).toEqual([
      join(root, 'data', 'mnist'),
      join(root, 'data'),
      resolve('..', 'shared', 'data', 'mnist'),
    ]);
  });

  it('leaves out what is not set', () => {
    vi.stubEnv('GRADSTREAM_DATA', '');
    expect(dataFolders('mnist', undefined)).toEqual([resolve('..', 'shared', 'data', 'mnist')]);
  });
});

describe('cacheFolder', () => {
  it('follows XDG_CACHE_HOME, then LOCALAPPDATA, then the home folder', () => {
    vi.stubEnv('XDG_CACHE_HOME', join(root, 'xdg'));
    vi.stubEnv('LOCALAPPDATA', join(root, 'local'));
    expect(cacheFolder()).toBe(join(root, 'xdg', 'gradstream'));
    vi.stubEnv('XDG_CACHE_HOME', 'relative');
    expect(cacheFolder()).toBe(join(root, 'local', 'gradstream'));
    vi.stubEnv('LOCALAPPDATA', undefined);
    vi.stubEnv('XDG_CACHE_HOME', undefined);
    expect(cacheFolder()).toBe(join(homedir(), '.cache', 'gradstream'));
  });
});
