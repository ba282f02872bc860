import { describeValue, GradstreamError, sizeOf, type HostArray } from '@gradstream/core';
import { ELEMENT_BYTES, fromHostArray, type SafetensorsDtype, type SafetensorsTensor } from './safetensors-tensor.js';

/** What a file is made of: pairs of a name and an array, or a tensor's bytes as they are. A `Map` is such pairs, so is `Object.entries(...)`. */
export type NamedTensors = Iterable<readonly [name: string, tensor: HostArray | SafetensorsTensor]>;

/**
 * A safetensors file in pieces: the header, then each tensor's bytes, which are the ones given and not copies. For files that are written as
 * they come; `writeSafetensors` gives one array.
 *
 * Tensors are sorted by element size, largest first, then by name, and the header is padded to 8 bytes, so that all data is aligned.
 * Throws `GS_SAFETENSORS_TENSOR` where values do not fit their shape and `GS_SAFETENSORS_NAME` for a name that is taken twice or is `__metadata__`.
 */
export function safetensorsPieces(
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const sorted = [...checked(tensors)].sort(
    ([nameA, a], [nameB, b]) => RANK[b.dtype] - RANK[a.dtype] || (nameA < nameB ? -1 : 1),
  );
  let end = 0;
  const entries = sorted.map(([name, { dtype, shape, bytes }]) => {
    const begin = end;
    end += bytes.length;
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`;
  });
  if (Object.keys(metadata).length > 0) entries.unshift(`"__metadata__":${JSON.stringify(checkedMetadata(metadata))}`);
  return [headerOf(`{${entries.join(',')}}`), ...sorted.map(([, { bytes }]) => bytes)];
}

/** A safetensors file as one array. See `safetensorsPieces`. */
export function writeSafetensors(tensors: NamedTensors, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const pieces = safetensorsPieces(tensors, metadata);
  const file = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    file.set(piece, offset);
    offset += piece.length;
  }
  return file;
}

const RANK = Object.fromEntries(Object.keys(ELEMENT_BYTES).map((dtype, rank) => [dtype, rank])) as Record<
  SafetensorsDtype,
  number
>;

function headerOf(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, 8);
  return header;
}

function checked(tensors: NamedTensors): Map<string, SafetensorsTensor> {
  const result = new Map<string, SafetensorsTensor>();
  for (const [name, tensor] of tensors) {
    if (name === '__metadata__' || result.has(name)) {
      throw new GradstreamError('GS_SAFETENSORS_NAME', {
        where: 'formats/safetensors',
        what: 'A tensor cannot have this name',
        expected: 'each name once, and none called "__metadata__"',
        received: describeValue(name),
        next: 'Rename the tensor.',
      });
    }
    result.set(name, 'bytes' in tensor ? checkedRaw(name, tensor) : fromHostArray(name, tensor));
  }
  return result;
}

function checkedRaw(name: string, tensor: SafetensorsTensor): SafetensorsTensor {
  const size = sizeOf(tensor.shape) * ELEMENT_BYTES[tensor.dtype];
  if (tensor.bytes.length === size) return tensor;
  throw new GradstreamError('GS_SAFETENSORS_TENSOR', {
    where: `formats/safetensors ${describeValue(name)}`,
    what: 'The bytes do not fit the dtype and shape',
    expected: `${size} bytes for ${tensor.dtype} of shape [${tensor.shape.join(', ')}]`,
    received: `${tensor.bytes.length}`,
    next: 'Give the shape and dtype that the bytes have.',
  });
}

function checkedMetadata(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, text] of Object.entries(metadata)) {
    if (typeof text === 'string') continue;
    throw new GradstreamError('GS_SAFETENSORS_METADATA', {
      where: 'formats/safetensors',
      what: `The metadata ${describeValue(name)} is no string`,
      expected: 'strings by name',
      received: describeValue(text),
      next: 'Turn the value into a string, for example with JSON.stringify.',
    });
  }
  return metadata;
}
