import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type CudaBackend, cudaBackend } from '@gradstream/backend-cuda';

/** Starts the backend and makes it active. */
export async function startCuda(): Promise<{ backend: CudaBackend; detail: string }> {
  await cudaBackend().start();
  const backend = tf.findBackend('cuda') as CudaBackend;
  return { backend, detail: backend.detail };
}

/** Writes what a part of the check found where the table is made from. */
export function writeResult(name: string, result: object): void {
  const folder = process.env['GPU_CHECK_OUT'] ?? '.';
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 1)}\n`);
}
