import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseIdx } from './parse-idx.js';

/** An IDX file: type, sizes, bytes of the elements. */
function idx(type: number, sizes: readonly number[], elements: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 + sizes.length * 4 + elements.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, (type << 8) | sizes.length);
  sizes.forEach((size, dimension) => view.setUint32(4 + dimension * 4, size));
  file.set(elements, 4 + sizes.length * 4);
  return file;
}

const packed = (bytes: Uint8Array): Uint8Array => new Uint8Array(gzipSync(bytes));

/** Pieces of the bytes, with a note when they are closed early and how many were taken. */
function pieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> & { taken: number; closed: boolean } {
  return {
    taken: 0,
    closed: false,
    async *[Symbol.asyncIterator]() {
      try {
        for (let start = 0; start < bytes.length; start += size) {
          this.taken++;
          yield bytes.subarray(start, start + size);
        }
      } finally {
        this.closed = true;
      }
    },
  };
}

const small = idx(8, [2, 3], Uint8Array.of(1, 2, 3, 4, 5, 250));
const smallArray = { dtype: 'uint8', shape: [2, 3], values: Uint8Array.of(1, 2, 3, 4, 5, 250) };

describe('parseIdx', () => {
  it('reads bytes at once, in pieces, as a web stream, packed or not', async () => {
    for (const bytes of [small, packed(small)]) {
      expect(await parseIdx(bytes)).toEqual(smallArray);
      expect(await parseIdx(pieces(bytes, 1))).toEqual(smallArray);
      expect(await parseIdx(new Blob([bytes as Uint8Array<ArrayBuffer>]).stream())).toEqual(smallArray);
      const onlyReader = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
      // As in Safari, whose streams cannot be iterated.
      expect(await parseIdx({ getReader: () => onlyReader.getReader() } as ReadableStream<Uint8Array>)).toEqual(
        smallArray,
      );
    }
  });

  it.each([
    { type: 0x09, elements: [0x00, 0x80, 0xff], dtype: 'int32', values: Int32Array.of(0, -128, -1) },
    {
      type: 0x0b,
      elements: [0x01, 0x02, 0xff, 0xfe, 0x80, 0x00],
      dtype: 'int32',
      values: Int32Array.of(258, -2, -32768),
    },
    {
      type: 0x0c,
      elements: [0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff],
      dtype: 'int32',
      values: Int32Array.of(65536, -1, 2147483647),
    },
    {
      type: 0x0d,
      elements: [0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0, 0x7f, 0x80, 0, 0],
      dtype: 'float32',
      values: Float32Array.of(1, -2.5, Infinity),
    },
  ])('reads elements of type $type as $dtype', async ({ type, elements, dtype, values }) => {
    expect(await parseIdx(idx(type, [3], Uint8Array.from(elements)))).toEqual({ dtype, shape: [3], values });
  });

  it('reads several megabytes in pieces, packed', async () => {
    const values = Uint8Array.from({ length: 5_000_000 }, (_, index) => (index * index) >> 7);
    const array = await parseIdx(pieces(packed(idx(8, [5000, 1000], values)), 10_000), { expectedShape: [null, 1000] });
    expect(array.shape).toEqual([5000, 1000]);
    expect(Buffer.compare(array.values as Uint8Array, values)).toBe(0);
  });

  it('reads a file without elements', async () => {
    expect(await parseIdx(idx(8, [0, 28, 28], new Uint8Array(0)))).toEqual({
      dtype: 'uint8',
      shape: [0, 28, 28],
      values: new Uint8Array(0),
    });
  });

  /** The small file packed, with one byte changed; counted from the end where negative. */
  const damaged = (at: number): Uint8Array =>
    packed(small).map((byte, index, all) => (index === (at + all.length) % all.length ? byte ^ 0xff : byte));
  it.each([
    ['nothing', new Uint8Array(0), 'GS_IDX_MAGIC'],
    ['three bytes', Uint8Array.of(0, 0, 8), 'GS_IDX_MAGIC'],
    ['a PNG file', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), 'GS_IDX_MAGIC'],
    ['no dimensions', idx(8, [], Uint8Array.of(1)), 'GS_IDX_MAGIC'],
    ['an unknown type', idx(0x0a, [1], Uint8Array.of(1)), 'GS_IDX_TYPE'],
    ['doubles', idx(0x0e, [1], new Uint8Array(8)), 'GS_IDX_TYPE'],
    ['a header cut short', small.subarray(0, 11), 'GS_IDX_TRUNCATED'],
    ['255 dimensions that are not there', Uint8Array.of(0, 0, 8, 255, 0, 0, 0, 1), 'GS_IDX_TRUNCATED'],
    ['a byte too few', small.subarray(0, small.length - 1), 'GS_IDX_TRUNCATED'],
    ['no elements at all', idx(8, [1000, 1000], new Uint8Array(0)), 'GS_IDX_TRUNCATED'],
    ['a byte too many', idx(8, [2], Uint8Array.of(1, 2, 3)), 'GS_IDX_TRAILING'],
    ['bytes after an empty array', idx(8, [0], Uint8Array.of(1)), 'GS_IDX_TRAILING'],
    ['more than the limit', idx(8, [4096, 1024, 1024], new Uint8Array(0)), 'GS_IDX_SIZE'],
    ['a product beyond 64 bits', idx(8, [0xffffffff, 0xffffffff, 0xffffffff], new Uint8Array(0)), 'GS_IDX_SIZE'],
    ['a size that widening takes over the limit', idx(9, [2 ** 28 + 1], new Uint8Array(0)), 'GS_IDX_SIZE'],
    ['gzip of something else', packed(new TextEncoder().encode('hello')), 'GS_IDX_MAGIC'],
    ['gzip with a byte too few', packed(small.subarray(0, small.length - 1)), 'GS_IDX_TRUNCATED'],
    ['gzip with a byte too many', packed(idx(8, [2], Uint8Array.of(1, 2, 3))), 'GS_IDX_TRAILING'],
    ['gzip cut short', packed(small).subarray(0, 20), 'GS_IDX_GZIP'],
    ['gzip without its checksum', packed(small).subarray(0, packed(small).length - 4), 'GS_IDX_GZIP'],
    ['only a gzip header', packed(small).subarray(0, 2), 'GS_IDX_GZIP'],
    ['gzip with a wrong header', damaged(3), 'GS_IDX_GZIP'],
    ['gzip with a wrong checksum', damaged(-8), 'GS_IDX_GZIP'],
    ['gzip with a wrong length', damaged(-4), 'GS_IDX_GZIP'],
    ['gzip within gzip', packed(packed(small)), 'GS_IDX_MAGIC'],
  ])('refuses %s', async (_, bytes, code) => {
    for (const source of [bytes, pieces(bytes, 3)]) {
      await expect(parseIdx(source)).rejects.toMatchObject({
        code,
        expected: expect.any(String),
        received: expect.any(String),
        next: expect.any(String),
      });
    }
  });

  it('refuses another shape than expected, and more than it may take', async () => {
    await expect(parseIdx(small, { expectedShape: [2, 4], name: 'small.idx' })).rejects.toMatchObject({
      code: 'GS_IDX_SHAPE',
      where: 'datasets/parseIdx "small.idx"',
      expected: '[2, 4]',
      received: '[2, 3]',
    });
    await expect(parseIdx(small, { expectedShape: [2] })).rejects.toMatchObject({ code: 'GS_IDX_SHAPE' });
    await expect(parseIdx(small, { maxBytes: 5 })).rejects.toMatchObject({ code: 'GS_IDX_SIZE' });
    expect(await parseIdx(small, { maxBytes: 6, expectedShape: [null, null] })).toEqual(smallArray);
  });

  it('refuses what holds no bytes', async () => {
    for (const source of ['text', null, [1, 2], { next: 1 }] as unknown as Uint8Array[]) {
      await expect(parseIdx(source)).rejects.toMatchObject({ code: 'GS_DATASET_SOURCE' });
    }
    const texts = (async function* () {
      yield 'text';
    })() as unknown as AsyncIterable<Uint8Array>;
    await expect(parseIdx(texts)).rejects.toMatchObject({ code: 'GS_DATASET_SOURCE' });
  });

  it('takes little memory on the word of a header that lies', async () => {
    const before = process.memoryUsage().arrayBuffers;
    let during = 0;
    const lying = async function* (): AsyncGenerator<Uint8Array> {
      yield idx(8, [1000, 1000, 1000], Uint8Array.of(1, 2, 3));
      during = process.memoryUsage().arrayBuffers;
    };
    await expect(parseIdx(lying())).rejects.toMatchObject({ code: 'GS_IDX_TRUNCATED' });
    expect(during - before).toBeLessThan(16 * 1024 * 1024);
  });

  it('stops a gzip bomb at the first byte beyond the header, and closes the source', async () => {
    // 400 MB of zeros in some 400 KB; the header announces 7,840 bytes.
    const zeros = Buffer.alloc(400 * 1024 * 1024);
    zeros.set(idx(8, [10, 28, 28], new Uint8Array(0)));
    const bomb = pieces(new Uint8Array(gzipSync(zeros, { level: 1 })), 4096);
    await expect(parseIdx(bomb)).rejects.toMatchObject({ code: 'GS_IDX_TRAILING' });
    expect(bomb.taken).toBeLessThan(20);
    expect(bomb.closed).toBe(true);
  });

  it("closes a source that it refuses, and hands on the source's own error", async () => {
    const wrong = pieces(idx(0x0e, [1], new Uint8Array(800)), 8);
    await expect(parseIdx(wrong)).rejects.toMatchObject({ code: 'GS_IDX_TYPE' });
    expect(wrong.closed).toBe(true);
    const reset = new Error('connection reset');
    const breaking = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 14);
      throw reset;
    };
    await expect(parseIdx(breaking(small))).rejects.toBe(reset);
    await expect(parseIdx(breaking(packed(small)))).rejects.toBe(reset);
  });

  it('does not wait for a connection that hangs when it has seen enough', async () => {
    const file = packed(idx(8, [2], new Uint8Array(200_000)));
    const hanging = async function* (): AsyncGenerator<Uint8Array> {
      yield file.subarray(0, file.length - 10);
      await new Promise(() => {});
    };
    await expect(parseIdx(hanging())).rejects.toMatchObject({ code: 'GS_IDX_TRAILING' });
  });
});
