import { dirname, join } from 'node:path';
import koffi from 'koffi';
import { buildCublasLt } from '../scripts/build-emulator.mjs';

/** A library that looks like cuBLASLt. */
export interface CublasLtLookAlike {
  /** The look-alike of cuBLAS that it lies beside. */
  readonly cublas: string;
  /** Lets a call give a status once, after so many that do not. */
  fail(call: string, after: number, status: number): void;
  /** From now on all of its numbers are off by so much, each algorithm wants so many bytes, and relu makes 0 of NaN where `losesNaN` is 1. */
  spoil(off: number, bytes: number, losesNaN: 0 | 1): void;
  mend(): void;
  called(call: string): number;
  /** Handles and descriptors that were made and not destroyed. */
  alive(): number;
}

/** Builds what looks like cuBLASLt where it is not built yet, and loads it. */
export async function loadCublasLtLookAlike(): Promise<CublasLtLookAlike> {
  const library = await buildCublasLt();
  const functions = koffi.load(library);
  return {
    cublas: join(dirname(library), 'libcublas.so.13'),
    fail: functions.func('void cublaslt_fail(str, int, int)') as unknown as CublasLtLookAlike['fail'],
    spoil: functions.func('void cublaslt_spoil(float, uint64, int)') as unknown as CublasLtLookAlike['spoil'],
    mend: functions.func('void cublaslt_mend()') as unknown as CublasLtLookAlike['mend'],
    called: functions.func('long cublaslt_called(str)') as unknown as CublasLtLookAlike['called'],
    alive: functions.func('long cublaslt_alive()') as unknown as CublasLtLookAlike['alive'],
  };
}
