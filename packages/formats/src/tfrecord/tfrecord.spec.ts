import { GradstreamError } from '@gradstream/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskedCrc32c } from '../crc32c.js';
import { frameRecord, readRecords, type ByteSource, type ReadRecordsOptions } from './index.js';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

async function all(source: ByteSource, options?: ReadRecordsOptions): Promise<Uint8Array[]> {
  const records: Uint8Array[] = [];
  for await (const record of readRecords(source, options)) records.push(record);
  return records;
}

async function errorOf(work: Promise<unknown>): Promise<GradstreamError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof GradstreamError) return error;
  throw error ?? new Error('Nothing was thrown');
}

/** A record whose length field claims something else, with a checksum that fits. */
function claiming(length: bigint, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const framed = frameRecord(data);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, length, true);
  view.setUint32(8, maskedCrc32c(framed.subarray(0, 8)), true);
  return framed;
}

describe('frameRecord', () => {
  it('frames as TensorFlow does', () => {
    // tf.io.TFRecordWriter wrote these bytes for the record b"abc".
    const expected = '0300000000000000b099490e6162636e57f121';
    expect(Buffer.from(frameRecord(ascii('abc'))).toString('hex')).toBe(expected);
  });
});

describe('readRecords', () => {
  const records = [ascii('first'), new Uint8Array(0), Uint8Array.from({ length: 300 }, (_, i) => i & 0xff)];
  const file = concat(records.map(frameRecord));

  it('reads bytes, chunks and streams', async () => {
    expect(await all(file)).toEqual(records);
    expect(await all([file.subarray(0, 3), new Uint8Array(0), file.subarray(3)])).toEqual(records);
    expect(await all(new Blob([file]).stream())).toEqual(records);
    expect(await all(new Uint8Array(0))).toEqual([]);
  });

  it('reads a stream that cannot be iterated over', async () => {
    const stream = new Blob([file]).stream();
    const plain = { getReader: () => stream.getReader() } as unknown as ReadableStream<Uint8Array>;
    expect(await all(plain)).toEqual(records);
  });

  it('reads what was framed, however it is cut', async () => {
    const cutting = fc.tuple(
      fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(cutting, async ([data, size]) => {
        const bytes = concat(data.map(frameRecord));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        expect(await all(chunks)).toEqual(data);
      }),
    );
  });

  it('takes no more chunks than it needs, and lets go of the source', async () => {
    let taken = 0;
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (const record of records) {
          taken++;
          yield frameRecord(record);
        }
      } finally {
        closed = true;
      }
    }
    for await (const record of readRecords(source())) {
      expect(record).toEqual(records[0]);
      break;
    }
    expect([taken, closed]).toEqual([1, true]);
  });

  it('refuses every truncation', async () => {
    for (let length = 1; length < 21; length++) {
      expect((await errorOf(all(file.subarray(0, length)))).code).toBe('GS_TFRECORD_TRUNCATED');
    }
  });

  it('refuses every flipped bit', async () => {
    const one = frameRecord(ascii('data'));
    for (let bit = 0; bit < one.length * 8; bit++) {
      const bad = Uint8Array.from(one);
      bad[bit >> 3]! ^= 1 << (bit & 7);
      expect((await errorOf(all(bad))).code).toBe('GS_TFRECORD_CORRUPT');
    }
  });

  it.each<[string, Uint8Array, ReadRecordsOptions | undefined, string]>([
    ['a length of 2^64 - 1', claiming(2n ** 64n - 1n), undefined, 'GS_TFRECORD_LENGTH'],
    ['a length of 2^53 + 1', claiming(2n ** 53n + 1n), undefined, 'GS_TFRECORD_LENGTH'],
    ['a claimed gibibyte that does not come', claiming(2n ** 30n), undefined, 'GS_TFRECORD_TRUNCATED'],
    ['a record above the limit', frameRecord(new Uint8Array(11)), { maxLength: 10 }, 'GS_TFRECORD_LENGTH'],
    ['a length that is one short', claiming(3n, ascii('data')), undefined, 'GS_TFRECORD_CORRUPT'],
    ['a gzip file', concat([Uint8Array.of(0x1f, 0x8b, 8), new Uint8Array(40)]), undefined, 'GS_TFRECORD_CORRUPT'],
    ['a misspelt option', file, { maxlength: 1 } as ReadRecordsOptions, 'GS_OPTION_UNKNOWN'],
    ['a limit that is no number', file, { maxLength: Number.NaN }, 'GS_OPTION_VALUE'],
  ])('refuses %s', async (_, bytes, options, code) => {
    const error = await errorOf(all(bytes, options));
    expect(error.code).toBe(code);
    for (const beat of [error.where, error.what, error.expected, error.received, error.next]) expect(beat).not.toBe('');
  });

  it('says where the bad record starts', async () => {
    const bad = Uint8Array.from(file);
    bad[21 + 16 + 20]! ^= 1;
    expect((await errorOf(all(bad))).message).toContain('starts at byte 37');
  });
});
