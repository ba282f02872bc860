import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { GradstreamError, isGradstreamError, type HostArray } from '@gradstream/core';
import { parseIdx } from '../idx/parse-idx.js';
import type { DataFile } from './mnist-files.js';

/**
 * Reads an IDX file of unsigned bytes, packed or not, and checks that it is the one meant.
 *
 * Throws the errors of `parseIdx`, `GS_DATASET_HASH` for other bytes, and `GS_DATASET_FILE` where the file cannot be read.
 */
export async function readDataFile(path: string, file: DataFile, signal: AbortSignal): Promise<HostArray<'uint8'>> {
  const array = await read(path, file, signal);
  const hash = createHash('sha256').update(headerOf(array.shape)).update(array.values).digest('hex');
  if (array.dtype === 'uint8' && hash === file.sha256) return array as HostArray<'uint8'>;
  throw new GradstreamError('GS_DATASET_HASH', {
    where: `datasets/mnist "${path}"`,
    what: `The file does not hold the bytes of ${file.name}`,
    expected: `SHA-256 ${file.sha256} once unpacked`,
    received: hash,
    next: 'Delete the file to have it downloaded again, or read other data with parseIdx() and fromArrays().',
  });
}

async function read(path: string, file: DataFile, signal: AbortSignal): Promise<HostArray> {
  try {
    return await parseIdx(createReadStream(path, { signal }), { expectedShape: file.shape, name: path });
  } catch (error) {
    if (isGradstreamError(error) || signal.aborted) throw error;
    throw new GradstreamError('GS_DATASET_FILE', {
      where: `datasets/mnist "${path}"`,
      what: 'The file cannot be read',
      expected: 'a readable file',
      received: error instanceof Error ? error.message : String(error),
      next: 'Check its permissions and the disk.',
      cause: error,
    });
  }
}

/** The header as the file has it: hashing it again with the elements spares a second pass over the file. */
function headerOf(shape: readonly number[]): Uint8Array {
  const header = new Uint8Array(4 + 4 * shape.length);
  const view = new DataView(header.buffer);
  view.setUint32(0, 0x800 + shape.length);
  shape.forEach((size, dimension) => view.setUint32(4 + 4 * dimension, size));
  return header;
}
