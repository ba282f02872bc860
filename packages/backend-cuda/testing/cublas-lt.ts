import { dirname, join } from 'node:path';
import { buildCublasLt } from '../scripts/build-emulator.mjs';
import { loadLookAlike, type LookAlike } from './look-alike.js';

/** A library that looks like cuBLASLt. */
export interface CublasLtLookAlike extends LookAlike {
  /** The look-alike of cuBLAS that it lies beside. */
  readonly cublas: string;
  /** From now on all of its numbers are off by so much, each algorithm wants so many bytes, and relu makes 0 of NaN where `losesNaN` is 1. */
  spoil(off: number, bytes: number, losesNaN: 0 | 1): void;
  /** Handles and descriptors that were made and not destroyed. */
  alive(): number;
}

/** Builds what looks like cuBLASLt where it is not built yet, and loads it. */
export async function loadCublasLtLookAlike(): Promise<CublasLtLookAlike> {
  const library = await buildCublasLt();
  const lookAlike = loadLookAlike(library, 'cublaslt');
  return {
    ...lookAlike,
    cublas: join(dirname(library), 'libcublas.so.13'),
    spoil: lookAlike.func('void cublaslt_spoil(float, uint64, int)'),
    alive: lookAlike.func('long cublaslt_alive()'),
  };
}
