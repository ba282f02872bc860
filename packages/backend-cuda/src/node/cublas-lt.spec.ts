import { describe, expect, it } from 'vitest';
import { loadCublasLtLookAlike } from '../../testing/cublas-lt.js';
import { loadCublasLookAlike, noEmulator, onEmulator } from '../../testing/emulator.js';
import { loadCublasLt, ltBeside } from './cublas-lt.js';

describe('ltBeside', () => {
  it.each([
    ['libcublas.so.13', 'libcublasLt.so.13'],
    ['/opt/libcublas.so/lib/libcublas.so.12.9.1', '/opt/libcublas.so/lib/libcublasLt.so.12.9.1'],
    ['/lib/libcublas.so', '/lib/libcublasLt.so'],
    ['C:\\bin\\cublas64_11.dll', 'C:\\bin\\cublasLt64_11.dll'],
    ['/opt/mine.so', undefined],
    ['libcublasLt.so.13', undefined],
  ])('of %s is %s', (cublas, lt) => expect(ltBeside(cublas)).toBe(lt));
});

describe('loadCublasLt', () => {
  it('gives nothing where none lies beside', async () => {
    expect(loadCublasLt('/nowhere/libcublas.so.13')).toBeUndefined();
    expect(loadCublasLt('/opt/mine.so')).toBeUndefined();
  });

  it.skipIf(noEmulator !== undefined)(
    `loads the one beside a cuBLAS, ${onEmulator}`,
    async () => {
      expect(loadCublasLt((await loadCublasLtLookAlike()).cublas)?.cublasLtGetVersion()).toBe(130_100);
      expect(loadCublasLt((await loadCublasLookAlike()).library)).toBeUndefined();
    },
    600_000,
  );
});
