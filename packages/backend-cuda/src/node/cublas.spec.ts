import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { environmentBlas, libraryAt, loadCublas } from './cublas.js';

afterEach(() => vi.unstubAllEnvs());

describe('environmentBlas', () => {
  it.each([
    [undefined, undefined, { tf32: false }],
    ['off', '1', { library: false, tf32: true }],
    [' /opt/libcublas.so.13 ', '0', { library: '/opt/libcublas.so.13', tf32: false }],
  ])('of GRADSTREAM_CUBLAS=%s and GRADSTREAM_CUDA_TF32=%s', (library, tf32, options) => {
    vi.stubEnv('GRADSTREAM_CUBLAS', library);
    vi.stubEnv('GRADSTREAM_CUDA_TF32', tf32);
    expect(environmentBlas()).toEqual(options);
  });
});

describe('libraryAt', () => {
  it('takes a file as it is, and the newest of a folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cublas-'));
    try {
      for (const name of ['libcublas.so.11', 'libcublas.so.13', 'libcublasLt.so.13', 'readme.txt'])
        writeFileSync(join(folder, name), '');
      expect(libraryAt(folder)).toBe(join(folder, 'libcublas.so.13'));
      expect(libraryAt('libcublas.so.12')).toBe('libcublas.so.12');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('loadCublas', () => {
  it('gives nothing where the library is not there or is something else', () => {
    expect(loadCublas('/nowhere/libcublas.so.13')).toBeUndefined();
    expect(loadCublas(import.meta.filename)).toBeUndefined();
  });
});
