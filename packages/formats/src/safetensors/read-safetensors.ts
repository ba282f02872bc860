import { describeValue, sizeOf } from '@gradstream/core';
import { duplicateKey } from './duplicate-key.js';
import { safetensorsError } from './safetensors-error.js';
import { ELEMENT_BYTES, type SafetensorsDtype, type SafetensorsTensor } from './safetensors-tensor.js';

/** The longest header that is read, in bytes: as in the reference implementation. */
const MAX_HEADER_BYTES = 100_000_000;

/** The content of a safetensors file: tensors by name in the header's order, and strings by name. Maps, so that a name such as `__proto__` is only a name. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads a safetensors file: `u64 header length | JSON header | data`, little-endian. The tensors' bytes are views of `bytes`, not copies.
 *
 * Everything is checked before anything is returned: the tensors must cover the data exactly, without gap and overlap. Throws
 * `GS_SAFETENSORS_TRUNCATED`, `_HEADER`, `_DUPLICATE`, `_DTYPE`, `_SHAPE`, `_OFFSETS` or `_METADATA`.
 *
 * Source: the format's description at huggingface.co/docs/safetensors. Stricter than the reference implementation: a name that occurs twice is refused.
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const { header, data } = split(bytes);
  const tensors = new Map<string, SafetensorsTensor>();
  const ranges: Range[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = metadataOf(value);
    } else {
      const { tensor, range } = tensorOf(name, value, data);
      tensors.set(name, tensor);
      ranges.push(range);
    }
  }
  checkCoverage(ranges, data.length);
  return { tensors, metadata };
}

interface Range {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

function split(bytes: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  if (bytes.length < 8)
    throw safetensorsError(
      'GS_SAFETENSORS_TRUNCATED',
      'The file ends inside the header length',
      'at least 8 bytes',
      `${bytes.length}`,
    );
  const claimed = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (claimed > BigInt(MAX_HEADER_BYTES)) {
    throw safetensorsError(
      'GS_SAFETENSORS_HEADER',
      'The header is too long',
      `at most ${MAX_HEADER_BYTES} bytes`,
      `${claimed}`,
    );
  }
  const length = Number(claimed);
  if (bytes.length < 8 + length) {
    throw safetensorsError(
      'GS_SAFETENSORS_TRUNCATED',
      'The file ends inside the header',
      `${8 + length} bytes`,
      `${bytes.length}`,
    );
  }
  if (bytes[8] !== 0x7b)
    throw safetensorsError(
      'GS_SAFETENSORS_HEADER',
      'The header does not begin as an object',
      '"{"',
      describeValue(bytes[8]),
    );
  return { header: parseHeader(bytes.subarray(8, 8 + length)), data: bytes.subarray(8 + length) };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: Record<string, unknown>;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw safetensorsError(
      'GS_SAFETENSORS_HEADER',
      'The header is no JSON',
      'JSON in UTF-8',
      describeValue((cause as Error).message),
      cause,
    );
  }
  const twice = duplicateKey(text);
  if (twice !== null)
    throw safetensorsError(
      'GS_SAFETENSORS_DUPLICATE',
      'The header has a name twice',
      'each name once',
      describeValue(twice),
    );
  return header;
}

function metadataOf(value: unknown): ReadonlyMap<string, string> {
  if (!isObject(value) || !Object.values(value).every((text) => typeof text === 'string')) {
    throw safetensorsError(
      'GS_SAFETENSORS_METADATA',
      'The entry "__metadata__" cannot be used',
      'an object of strings',
      describeValue(value),
    );
  }
  return new Map(Object.entries(value as Record<string, string>));
}

function tensorOf(name: string, value: unknown, data: Uint8Array): { tensor: SafetensorsTensor; range: Range } {
  const what = `The tensor ${describeValue(name)} cannot be read`;
  const entry = isObject(value) ? value : {};
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(ELEMENT_BYTES, dtype)) {
    throw safetensorsError(
      'GS_SAFETENSORS_DTYPE',
      what,
      `a dtype of ${Object.keys(ELEMENT_BYTES).join(', ')}`,
      describeValue(dtype),
    );
  }
  if (!isSizes(shape))
    throw safetensorsError('GS_SAFETENSORS_SHAPE', what, 'a shape of whole numbers from 0', describeValue(shape));
  const [begin, end, ...more] = isSizes(offsets) ? offsets : [];
  if (begin === undefined || end === undefined || more.length > 0 || begin > end || end > data.length) {
    throw safetensorsError(
      'GS_SAFETENSORS_OFFSETS',
      what,
      `data_offsets [begin, end] inside the ${data.length} bytes of data`,
      describeValue(offsets),
    );
  }
  const size = sizeOf(shape) * ELEMENT_BYTES[dtype as SafetensorsDtype];
  if (size !== end - begin) {
    throw safetensorsError(
      'GS_SAFETENSORS_OFFSETS',
      what,
      `${size} bytes for ${dtype} of shape [${shape.join(', ')}]`,
      `${end - begin}`,
    );
  }
  return {
    tensor: { dtype: dtype as SafetensorsDtype, shape, bytes: data.subarray(begin, end) },
    range: { name, begin, end },
  };
}

function checkCoverage(ranges: readonly Range[], length: number): void {
  let covered = 0;
  for (const { name, begin, end } of ranges.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      const what = `The tensor ${describeValue(name)} ${begin < covered ? 'overlaps the one before it' : 'leaves a gap before it'}`;
      throw safetensorsError('GS_SAFETENSORS_OFFSETS', what, `its data to begin at ${covered}`, `${begin}`);
    }
    covered = end;
  }
  if (covered !== length) {
    throw safetensorsError(
      'GS_SAFETENSORS_OFFSETS',
      'The tensors do not cover the data',
      `${covered} bytes of data`,
      `${length}`,
    );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
