import { engine } from '@tensorflow/tfjs-core';
import { activeBackend } from './internal/active-backend.js';

/** What tensors hold right now. */
export interface MemoryReport {
  readonly numTensors: number;
  /** Bytes of all tensors; data that two tensors share counts twice. */
  readonly bytes: number;
  /** The active backend, null while none is. */
  readonly backend: string | null;
}

/** Counts tensors and their bytes, on all backends together. Starts no backend, as `tf.memory()` would. */
export function memoryReport(): MemoryReport {
  const { numTensors, numBytes } = engine().state;
  return { numTensors, bytes: numBytes, backend: activeBackend() };
}
