import {
  checkNumber,
  checkOptions,
  describeShape,
  GradstreamError,
  type HostArray,
  type Shape,
} from '@gradstream/core';
import { byteChunks, type Bytes } from '../internal/byte-chunks.js';
import { byteReader, type ByteReader } from '../internal/byte-reader.js';
import { gunzip, isGzip } from './gunzip.js';
import { idxHeader, idxRank, type IdxElement, type IdxHeader } from './idx-header.js';

/** What an IDX file has to keep to. */
export interface ParseIdxOptions {
  /** The shape the file must have; null for a size that may be any. */
  readonly expectedShape?: Shape;
  /** The most bytes the elements may take in memory. Default 2^30 (1 GiB). */
  readonly maxBytes?: number;
  /** The file's name, for messages. */
  readonly name?: string;
}

/** Memory taken before the first bytes have come; it grows with them, so a header that lies costs little. */
const FIRST_BYTES = 1024 * 1024;

/**
 * Reads an IDX file, the format of MNIST: a header with type and sizes, then the elements, all big-endian. Gzip is detected and unpacked as it
 * is read. Unsigned bytes become uint8; signed bytes, shorts and ints int32; floats float32. Doubles are refused.
 *
 * Throws `GS_IDX_MAGIC`, `GS_IDX_TYPE`, `GS_IDX_SHAPE`, `GS_IDX_SIZE` (more than `maxBytes`), `GS_IDX_TRUNCATED` (fewer bytes than the header
 * says), `GS_IDX_TRAILING` (more; reading stops there, a gzip bomb goes no further) and `GS_IDX_GZIP`. Source: Y. LeCun, "The MNIST database".
 */
export async function parseIdx(source: Bytes, options: ParseIdxOptions = {}): Promise<HostArray> {
  checkOptions('datasets/parseIdx', options, ['expectedShape', 'maxBytes', 'name']);
  const { expectedShape, maxBytes = 2 ** 30, name } = options;
  checkNumber('datasets/parseIdx', 'maxBytes', maxBytes, { min: 0, integer: true });
  const where = name === undefined ? 'datasets/parseIdx' : `datasets/parseIdx "${name}"`;
  const reader = byteReader(await unpacked(where, source));
  try {
    const { rank, element } = idxRank(where, await reader.read(4));
    const header = idxHeader(where, element, rank, await reader.read(rank * 4), { expectedShape, maxBytes });
    return decode(header, await readElements(where, reader, header));
  } finally {
    await reader.close();
  }
}

/** The chunks of the source, unpacked where they begin as gzip data does. */
async function unpacked(where: string, source: Bytes): Promise<AsyncIterator<Uint8Array>> {
  const packed = byteReader(byteChunks(where, source));
  const first = await packed.read(2);
  const chunks = rejoined(first, packed);
  return isGzip(first) ? gunzip(where, chunks) : chunks;
}

function rejoined(first: Uint8Array, rest: ByteReader): AsyncIterator<Uint8Array> {
  let begun = false;
  return {
    async next() {
      const value = begun ? await rest.chunk() : first;
      begun = true;
      return value === undefined ? { done: true, value } : { done: false, value };
    },
    async return() {
      await rest.close();
      return { done: true, value: undefined };
    },
  };
}

async function readElements(where: string, reader: ByteReader, { bytes, shape }: IdxHeader): Promise<Uint8Array> {
  const expected = `${bytes} bytes for shape ${describeShape(shape)}`;
  let elements = new Uint8Array(Math.min(bytes, FIRST_BYTES));
  let filled = 0;
  for (let chunk = await reader.chunk(); chunk !== undefined; chunk = await reader.chunk()) {
    const needed = filled + chunk.length;
    if (needed > bytes) {
      throw new GradstreamError('GS_IDX_TRAILING', {
        where,
        what: 'There are more bytes than the header announces',
        expected,
        received: `at least ${needed}`,
        next: 'Check that the file is the right one; its header and its contents do not fit.',
      });
    }
    if (needed > elements.length) {
      const larger = new Uint8Array(Math.min(bytes, Math.max(needed, elements.length * 4)));
      larger.set(elements.subarray(0, filled));
      elements = larger;
    }
    elements.set(chunk, filled);
    filled = needed;
  }
  if (filled === bytes) return elements;
  throw new GradstreamError('GS_IDX_TRUNCATED', {
    where,
    what: 'There are fewer bytes than the header announces',
    expected,
    received: `${filled}`,
    next: 'Download the file again.',
  });
}

function decode({ shape, element }: IdxHeader, bytes: Uint8Array): HostArray {
  if (element.dtype === 'uint8') return { dtype: 'uint8', shape, values: bytes };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readerOf(element, view);
  const count = bytes.length / element.size;
  if (element.dtype === 'float32') {
    return { dtype: 'float32', shape, values: Float32Array.from({ length: count }, (_, index) => read(index * 4)) };
  }
  return {
    dtype: 'int32',
    shape,
    values: Int32Array.from({ length: count }, (_, index) => read(index * element.size)),
  };
}

function readerOf({ dtype, size }: IdxElement, view: DataView): (offset: number) => number {
  if (dtype === 'float32') return (offset) => view.getFloat32(offset);
  if (size === 1) return (offset) => view.getInt8(offset);
  return size === 2 ? (offset) => view.getInt16(offset) : (offset) => view.getInt32(offset);
}
