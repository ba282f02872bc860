import koffi from 'koffi';
import { buildCudnn } from '../scripts/build-emulator.mjs';

/** A library that looks like cuDNN. */
export interface CudnnLookAlike {
  readonly library: string;
  /** Lets a call give a status once, after so many that do not. */
  fail(call: string, after: number, status: number): void;
  /** From now on all of its numbers are off by so much, and each algorithm wants so many bytes. */
  spoil(off: number, bytes: number): void;
  mend(): void;
  called(call: string): number;
  /** Handles and descriptors that were made and not destroyed. */
  alive(): number;
}

/** Builds what looks like cuDNN where it is not built yet, and loads it. */
export async function loadCudnnLookAlike(): Promise<CudnnLookAlike> {
  const library = await buildCudnn();
  const functions = koffi.load(library);
  return {
    library,
    fail: functions.func('void cudnn_fail(str, int, int)') as unknown as CudnnLookAlike['fail'],
    spoil: functions.func('void cudnn_spoil(float, uint64)') as unknown as CudnnLookAlike['spoil'],
    mend: functions.func('void cudnn_mend()') as unknown as CudnnLookAlike['mend'],
    called: functions.func('long cudnn_called(str)') as unknown as CudnnLookAlike['called'],
    alive: functions.func('long cudnn_alive()') as unknown as CudnnLookAlike['alive'],
  };
}
