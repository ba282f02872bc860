import { describeShape, describeValue, isGradstreamError, type HostArray } from '@gradstream/core';
import { readSafetensors, safetensorsPieces, toHostArray, type Safetensors } from '@gradstream/formats/safetensors';
import { damaged } from '../checkpoint-error.js';
import type { Manifest, TensorEntry } from './manifest.js';
import { checksumOf } from './manifest-seal.js';

const WHERE = 'trainer/checkpoint';
const DTYPES: Readonly<Record<string, string>> = { float32: 'F32', int32: 'I32', uint8: 'U8', bool: 'BOOL' };

/** The tensors' file in pieces, and what the manifest says of it. */
export function packTensors(tensors: ReadonlyMap<string, HostArray>): {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  readonly entries: ReadonlyMap<string, TensorEntry>;
} {
  const pieces = safetensorsPieces(tensors);
  return {
    pieces,
    bytes: pieces.reduce((sum, { length }) => sum + length, 0),
    entries: new Map(
      [...tensors].map(([name, { dtype, shape, values }]) => [
        name,
        { dtype, shape, checksum: checksumOf(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)) },
      ]),
    ),
  };
}

/** The tensors of a file, each checked against its entry. Throws `GS_CHECKPOINT_DAMAGED` where anything is not what was written. */
export function unpackTensors(bytes: Uint8Array, manifest: Manifest): Map<string, HostArray> {
  if (bytes.length !== manifest.bytes)
    throw damaged(WHERE, "The tensors' file is not whole", `${manifest.bytes} bytes`, `${bytes.length}`);
  const { tensors } = parsed(bytes);
  const extra = [...tensors.keys()].find((name) => !manifest.tensors.has(name));
  if (extra !== undefined)
    throw damaged(WHERE, 'The file has a tensor that the manifest does not know', 'none', describeValue(extra));
  return new Map(
    [...manifest.tensors].map(([name, { dtype, shape, checksum }]) => {
      const found = tensors.get(name);
      if (found === undefined || found.dtype !== DTYPES[dtype] || describeShape(found.shape) !== describeShape(shape))
        throw damaged(
          WHERE,
          `The tensor ${describeValue(name)} is not there as the manifest says`,
          `${dtype} ${describeShape(shape)}`,
          found === undefined ? 'none' : `${found.dtype} ${describeShape(found.shape)}`,
        );
      const sum = checksumOf(found.bytes);
      if (sum !== checksum)
        throw damaged(
          WHERE,
          `The tensor ${describeValue(name)} is not what was written`,
          `the checksum ${checksum}`,
          sum,
        );
      return [name, toHostArray(name, found)];
    }),
  );
}

function parsed(bytes: Uint8Array): Safetensors {
  try {
    return readSafetensors(bytes);
  } catch (error) {
    if (!isGradstreamError(error)) throw error;
    throw damaged(WHERE, "The tensors' file cannot be read", error.expected, error.message, error);
  }
}
