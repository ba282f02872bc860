import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadCublasLookAlike, noEmulator, onEmulator } from '../../testing/emulator.js';
import { cublasCandidates, environmentBlas, libraryAt, loadCublas } from './cublas.js';

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

describe('the search', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'cublas-'));
    for (const name of ['CUDA_HOME', 'CUDA_PATH', 'VIRTUAL_ENV', 'CONDA_PREFIX']) vi.stubEnv(name, undefined);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** A folder below the root with files in it. */
  const place = (folder: string, ...files: string[]): string => {
    const path = join(root, folder);
    mkdirSync(path, { recursive: true });
    for (const name of files) writeFileSync(join(path, name), '');
    return path;
  };
  const found = (): readonly string[] => cublasCandidates().filter((path) => path.startsWith(root));

  it('asks the dynamic loader first, for the newest release first', () => {
    const names = process.platform === 'win32' ? ['cublas64_13.dll'] : ['libcublas.so.13', 'libcublas.so.12'];
    expect(cublasCandidates().slice(0, names.length)).toEqual(names);
  });

  it.skipIf(process.platform === 'win32')(
    'looks in a toolkit, then in the folders of pip packages, old and new',
    () => {
      const toolkit = place(
        'toolkit/lib64',
        'libcublas.so.12',
        'libcublas.so.13',
        'libcublasLt.so.13',
        'libcublas.so.9',
      );
      const nvidia = 'python/lib/python3.12/site-packages/nvidia';
      const [old, now] = [
        place(`${nvidia}/cublas/lib`, 'libcublas.so.12'),
        place(`${nvidia}/cu13/lib`, 'libcublas.so.13'),
      ];
      expect(found()).toEqual([]);
      vi.stubEnv('CUDA_HOME', join(root, 'toolkit'));
      vi.stubEnv('VIRTUAL_ENV', join(root, 'python'));
      expect(found()).toEqual([
        join(toolkit, 'libcublas.so.13'),
        join(toolkit, 'libcublas.so.12'),
        join(now, 'libcublas.so.13'),
        join(old, 'libcublas.so.12'),
      ]);
    },
  );

  it('survives folders that are none', () => {
    writeFileSync(join(root, 'file'), '');
    vi.stubEnv('CUDA_HOME', join(root, 'file'));
    vi.stubEnv('CONDA_PREFIX', join(root, 'nowhere'));
    expect(found()).toEqual([]);
  });

  it.skipIf(noEmulator !== undefined)(
    `loads the first that is a library of cuBLAS, ${onEmulator}`,
    async () => {
      const { library } = await loadCublasLookAlike();
      vi.stubEnv('CUDA_HOME', join(root, 'toolkit'));
      vi.stubEnv('CONDA_PREFIX', join(root, 'conda'));
      place('toolkit/lib64', 'libcublas.so.13');
      expect(loadCublas()).toBeUndefined();
      symlinkSync(library, join(place('conda/lib/python3.11/site-packages/nvidia/cublas/lib'), 'libcublas.so.12'));
      expect(loadCublas()).toHaveProperty('cublasSgemmStridedBatched');
    },
    600_000,
  );
});
