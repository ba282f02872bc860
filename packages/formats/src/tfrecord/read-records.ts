import { checkNumber, checkOptions, GradstreamError } from '@gradstream/core';
import { maskedCrc32c } from '../crc32c.js';
import { ByteQueue } from './byte-queue.js';

const WHERE = 'formats/tfrecord';

/** Where records are read from: all bytes at once, or pieces cut anywhere (a file stream, a fetch body, an array of chunks). */
export type ByteSource = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/** How records are read. */
export interface ReadRecordsOptions {
  /** The longest record that is accepted, in bytes. Default 1 GiB. Memory for a record grows with what really comes, not with the length it claims. */
  readonly maxLength?: number;
}

/**
 * The records of a TFRecord file, one after another, each checked against its two checksums. It holds one record and one chunk at a time.
 *
 * Throws `GS_TFRECORD_CORRUPT` where a checksum does not fit, `GS_TFRECORD_TRUNCATED` where the bytes end inside a record and
 * `GS_TFRECORD_LENGTH` where a record is longer than `maxLength`; the message says at which byte the record starts.
 */
export async function* readRecords(
  source: ByteSource,
  options: ReadRecordsOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  checkOptions(WHERE, options, ['maxLength']);
  const maxLength = checkNumber(WHERE, 'maxLength', options.maxLength ?? 2 ** 30, { min: 0, integer: true });
  const queue = new ByteQueue(chunksOf(source));
  try {
    for (let data = await readRecord(queue, maxLength); data !== null; data = await readRecord(queue, maxLength))
      yield data;
  } finally {
    await queue.close();
  }
}

/** The next record, null at the end. */
async function readRecord(queue: ByteQueue, maxLength: number): Promise<Uint8Array | null> {
  const start = queue.position;
  const head = await queue.take(12);
  if (head.length === 0) return null;
  if (head.length < 12) throw truncated(start, 12, head.length);
  const view = new DataView(head.buffer, head.byteOffset, 12);
  if (view.getUint32(8, true) !== maskedCrc32c(head.subarray(0, 8))) throw corrupt(start, 'length');
  const claimed = view.getBigUint64(0, true);
  if (claimed > BigInt(maxLength)) throw tooLong(start, claimed, maxLength);
  const length = Number(claimed);
  const body = await queue.take(length + 4);
  if (body.length < length + 4) throw truncated(start, length + 16, 12 + body.length);
  const data = body.subarray(0, length);
  if (new DataView(body.buffer, body.byteOffset + length, 4).getUint32(0, true) !== maskedCrc32c(data))
    throw corrupt(start, 'data');
  return data;
}

async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  if (source instanceof Uint8Array) {
    yield source;
  } else if (Symbol.asyncIterator in source || Symbol.iterator in source) {
    yield* source;
  } else {
    // A stream of a browser that cannot iterate over it yet.
    const reader = (source as ReadableStream<Uint8Array>).getReader();
    try {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
    } finally {
      await reader.cancel();
    }
  }
}

function truncated(start: number, expected: number, received: number): GradstreamError {
  return new GradstreamError('GS_TFRECORD_TRUNCATED', {
    where: WHERE,
    what: `The bytes end inside the record that starts at byte ${start}`,
    expected: `${expected} bytes`,
    received: `${received}`,
    next: 'Copy the file again; a file that is still being written can be read after its writer has flushed.',
  });
}

function corrupt(start: number, part: 'length' | 'data'): GradstreamError {
  return new GradstreamError('GS_TFRECORD_CORRUPT', {
    where: WHERE,
    what: `The ${part} of the record that starts at byte ${start} does not fit its checksum`,
    expected: 'the masked CRC-32C that is stored beside it',
    received: 'another one',
    next: 'Check that this is an uncompressed TFRecord file, and copy it again.',
  });
}

function tooLong(start: number, length: bigint, maxLength: number): GradstreamError {
  return new GradstreamError('GS_TFRECORD_LENGTH', {
    where: WHERE,
    what: `The record that starts at byte ${start} is too long`,
    expected: `at most ${maxLength} bytes`,
    received: `${length}`,
    next: 'Raise maxLength if records really are that long.',
  });
}
