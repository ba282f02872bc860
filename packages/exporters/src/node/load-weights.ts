import { describeValue, GradstreamError } from '@gradstream/core';
import type { Model } from '@gradstream/layers';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { importWeights } from '../safetensors/import-weights.js';

/** The most bytes that one read call takes. */
const READ_BYTES = 2 ** 30;

/**
 * Puts the weights of a safetensors file into a model: the path of the file, or of a folder that `saveModel` made with the format `safetensors`.
 *
 * Throws `GS_EXPORT_FILE` where there is no such file, and what `importWeights` throws; then the model is as it was.
 */
export async function loadWeights(model: Model, path: string): Promise<void> {
  importWeights(model, await bytesAt(path));
}

async function bytesAt(path: string): Promise<Uint8Array> {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, 'model.safetensors') : path;
    return await readWhole(file);
  } catch (cause) {
    throw new GradstreamError('GS_EXPORT_FILE', {
      where: 'exporters/loadWeights',
      what: `The weights cannot be read from ${describeValue(path)}`,
      expected: 'a safetensors file, or a folder with a model.safetensors',
      received: cause instanceof Error ? cause.message : describeValue(cause),
      next: 'Check the path. A timestamped export is in a folder of its own inside.',
      cause,
    });
  }
}

/** Reads a file of any size; Node's `readFile` ends at 2 GiB. */
async function readWhole(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const bytes = new Uint8Array((await file.stat()).size);
    for (let offset = 0; offset < bytes.length;) {
      const { bytesRead } = await file.read(bytes, offset, Math.min(READ_BYTES, bytes.length - offset), offset);
      if (bytesRead === 0) return bytes.subarray(0, offset);
      offset += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
