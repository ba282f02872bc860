import { buildCudnn } from '../scripts/build-emulator.mjs';
import { loadLookAlike, type LookAlike } from './look-alike.js';

/** A library that looks like cuDNN. */
export interface CudnnLookAlike extends LookAlike {
  readonly library: string;
  /** From now on all of its numbers are off by so much, and each algorithm wants so many bytes. */
  spoil(off: number, bytes: number): void;
  /** Handles and descriptors that were made and not destroyed. */
  alive(): number;
}

/** Builds what looks like cuDNN where it is not built yet, and loads it. */
export async function loadCudnnLookAlike(): Promise<CudnnLookAlike> {
  const library = await buildCudnn();
  const lookAlike = loadLookAlike(library, 'cudnn');
  return {
    ...lookAlike,
    library,
    spoil: lookAlike.func('void cudnn_spoil(float, uint64)'),
    alive: lookAlike.func('long cudnn_alive()'),
  };
}
