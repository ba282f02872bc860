import { GradstreamError, type HostArray } from '@gradstream/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from '../../fixtures/safetensors.json' with { type: 'json' };
import {
  readSafetensors,
  safetensorsPieces,
  toHostArray,
  writeSafetensors,
  type NamedTensors,
  type SafetensorsDtype,
} from './index.js';

interface GoldenFile {
  readonly file: string;
  readonly tensors: Record<string, { dtype: string; shape: number[]; bytes: string }>;
  readonly metadata?: Record<string, string>;
}

const DTYPES: Record<string, SafetensorsDtype> = {
  float32: 'F32',
  int32: 'I32',
  uint8: 'U8',
  bool: 'BOOL',
  float16: 'F16',
  float64: 'F64',
  int64: 'I64',
};

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** A file of a header, as text or bytes, and data. */
function file(header: string | Uint8Array, data: Uint8Array | number = 0, length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const body = typeof data === 'number' ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

const f32 = (begin: number, end: number, shape = `[${(end - begin) / 4}]`): string =>
  `{"dtype":"F32","shape":${shape},"data_offsets":[${begin},${end}]}`;

function errorOf(work: () => unknown): GradstreamError {
  try {
    work();
  } catch (error) {
    if (error instanceof GradstreamError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown');
}

/** What the work throws, unless it is an error of ours. */
function foreignError(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof GradstreamError ? undefined : error;
  }
}

describe('a file written by the Python package', () => {
  it.each(Object.entries(golden as Record<string, GoldenFile>))(
    '%s: is read, and written again byte for byte',
    (_, { file: base64, tensors, metadata }) => {
      const bytes = fromBase64(base64);
      const read = readSafetensors(bytes);
      const expected = Object.entries(tensors).map(([name, { dtype, shape, bytes: values }]) => {
        return [name, { dtype: DTYPES[dtype], shape, bytes: fromBase64(values) }] as const;
      });
      expect(new Map(read.tensors)).toEqual(new Map(expected));
      expect(Object.fromEntries(read.metadata)).toEqual(metadata ?? {});
      expect(writeSafetensors(read.tensors, metadata)).toEqual(bytes);
    },
  );
});

describe('writeSafetensors', () => {
  it('gives back exact bits, NaN payloads and negative zero included', () => {
    const bits = fc.uint32Array({ maxLength: 40 }).map((words) => new Float32Array(words.buffer));
    const array = fc.oneof(
      bits.map((values): HostArray => ({ dtype: 'float32', shape: [values.length], values })),
      fc
        .int32Array({ maxLength: 40 })
        .map((values): HostArray => ({ dtype: 'int32', shape: [1, values.length], values })),
      fc
        .uint8Array({ maxLength: 40 })
        .map((values): HostArray => ({ dtype: 'uint8', shape: [values.length, 1], values })),
      fc
        .uint8Array({ maxLength: 40, max: 1 })
        .map((values): HostArray => ({ dtype: 'bool', shape: [values.length], values })),
    );
    const names = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__');
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(names, array), { selector: ([name]) => name, maxLength: 6 }), (tensors) => {
        const { tensors: read } = readSafetensors(writeSafetensors(tensors));
        expect(read.size).toBe(tensors.length);
        for (const [name, { dtype, shape, values }] of tensors) {
          const back = toHostArray(name, read.get(name)!);
          expect([back.dtype, back.shape]).toEqual([dtype, shape]);
          expect(new Uint8Array(back.values.buffer, back.values.byteOffset, back.values.byteLength)).toEqual(
            new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
          );
        }
      }),
    );
  });

  it('aligns the data and copies no values', () => {
    const values = new Float32Array([1, 2]);
    const pieces = safetensorsPieces([
      ['flag', { dtype: 'bool', shape: [1], values: Uint8Array.of(1) }],
      ['weight', { dtype: 'float32', shape: [2], values }],
    ]);
    expect(pieces[0]!.length % 8).toBe(0);
    expect(pieces[1]!.buffer).toBe(values.buffer);
    expect(pieces[2]).toEqual(Uint8Array.of(1));
  });

  it.each<[string, NamedTensors, Record<string, unknown> | undefined, string]>([
    [
      'values that do not fit the shape',
      [['w', { dtype: 'float32', shape: [3], values: new Float32Array(2) }]],
      undefined,
      'GS_SAFETENSORS_TENSOR',
    ],
    [
      'bytes that do not fit the shape',
      [['w', { dtype: 'F16', shape: [3], bytes: new Uint8Array(5) }]],
      undefined,
      'GS_SAFETENSORS_TENSOR',
    ],
    [
      'a dtype of another kind',
      [['w', { dtype: 'string', shape: [1], values: ['a'] } as unknown as HostArray]],
      undefined,
      'GS_SAFETENSORS_TENSOR',
    ],
    [
      'the reserved name',
      [['__metadata__', { dtype: 'bool', shape: [0], values: new Uint8Array(0) }]],
      undefined,
      'GS_SAFETENSORS_NAME',
    ],
    [
      'a name twice',
      [
        ['w', { dtype: 'bool', shape: [0], values: new Uint8Array(0) }],
        ['w', { dtype: 'bool', shape: [0], values: new Uint8Array(0) }],
      ],
      undefined,
      'GS_SAFETENSORS_NAME',
    ],
    ['metadata that is no string', [], { epoch: 3 }, 'GS_SAFETENSORS_METADATA'],
  ])('refuses %s', (_, tensors, metadata, code) => {
    expect(errorOf(() => writeSafetensors(tensors, metadata as Record<string, string>)).code).toBe(code);
  });
});

describe('readSafetensors', () => {
  it.each<[string, Uint8Array, string]>([
    ['no bytes', new Uint8Array(0), 'TRUNCATED'],
    ['seven bytes', new Uint8Array(7), 'TRUNCATED'],
    ['a header longer than the file', file('{}', 0, 3n), 'TRUNCATED'],
    ['a header of 2^64 - 1 bytes', file('{}', 0, 2n ** 64n - 1n), 'HEADER'],
    ['a header above 100 MB', file('{}', 0, 100_000_001n), 'HEADER'],
    ['an empty header', file(''), 'HEADER'],
    ['a header that is a list', file('[]'), 'HEADER'],
    ['a header with a space before it', file(' {}'), 'HEADER'],
    ['a header with a byte order mark', file('\ufeff{}'), 'HEADER'],
    ['a header that is no JSON', file('{"a":}'), 'HEADER'],
    ['a header that goes on after its object', file('{}{}'), 'HEADER'],
    ['a header of a million brackets', file(`{"a":${'['.repeat(1_000_000)}`), 'HEADER'],
    ['a header that is no UTF-8', file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), 'HEADER'],
    ['a name twice', file(`{"w":${f32(0, 4)},"w":${f32(0, 4)}}`, 4), 'DUPLICATE'],
    ['a name twice, written differently', file(`{"w":${f32(0, 4)},"\\u0077":${f32(4, 8)}}`, 8), 'DUPLICATE'],
    ['a field twice', file(`{"w":{"dtype":"I32",${f32(0, 4).slice(1)}}`, 4), 'DUPLICATE'],
    ['a tensor that is null', file('{"w":null}'), 'DTYPE'],
    ['a tensor that is a list', file('{"w":["F32",[1],[0,4]]}', 4), 'DTYPE'],
    ['a dtype that is not known', file('{"w":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}', 1), 'DTYPE'],
    ['a dtype named like a method', file('{"w":{"dtype":"toString","shape":[2],"data_offsets":[0,8]}}', 8), 'DTYPE'],
    ['no shape', file('{"w":{"dtype":"F32","data_offsets":[0,4]}}', 4), 'SHAPE'],
    ['a negative size', file(`{"w":${f32(0, 4, '[-1]')}}`, 4), 'SHAPE'],
    ['a size with a fraction', file(`{"w":${f32(0, 4, '[0.5,2]')}}`, 4), 'SHAPE'],
    ['a size above 2^53', file(`{"w":${f32(0, 4, '[9007199254740993]')}}`, 4), 'SHAPE'],
    ['a size as text', file(`{"w":${f32(0, 4, '["1"]')}}`, 4), 'SHAPE'],
    ['no offsets', file('{"w":{"dtype":"F32","shape":[1]}}', 4), 'OFFSETS'],
    ['one offset', file('{"w":{"dtype":"F32","shape":[1],"data_offsets":[4]}}', 4), 'OFFSETS'],
    ['three offsets', file('{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}', 4), 'OFFSETS'],
    ['offsets the wrong way round', file('{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}', 4), 'OFFSETS'],
    ['offsets outside the data', file(`{"w":${f32(0, 8)}}`, 4), 'OFFSETS'],
    ['offsets that are too short for the shape', file(`{"w":${f32(0, 4, '[2]')}}`, 4), 'OFFSETS'],
    [
      'sizes whose product is no number any more',
      file(`{"w":${f32(0, 4, `[${'9007199254740991,'.repeat(30)}0]`)}}`, 4),
      'OFFSETS',
    ],
    ['a gap before the first tensor', file(`{"w":${f32(4, 8)}}`, 8), 'OFFSETS'],
    ['a gap between tensors', file(`{"a":${f32(0, 4)},"b":${f32(8, 12)}}`, 12), 'OFFSETS'],
    ['tensors that overlap', file(`{"a":${f32(0, 8)},"b":${f32(4, 12)}}`, 12), 'OFFSETS'],
    ['tensors over the same bytes', file(`{"a":${f32(0, 4)},"b":${f32(0, 4)}}`, 4), 'OFFSETS'],
    ['data after the last tensor', file(`{"a":${f32(0, 4)}}`, 5), 'OFFSETS'],
    ['data without tensors', file('{}', 1), 'OFFSETS'],
    ['metadata that is a list', file('{"__metadata__":[]}'), 'METADATA'],
    ['metadata that is null', file('{"__metadata__":null}'), 'METADATA'],
    ['metadata with a number', file('{"__metadata__":{"epoch":1}}'), 'METADATA'],
  ])('refuses %s', (_, bytes, code) => {
    const error = errorOf(() => readSafetensors(bytes));
    expect(error.code).toBe(`GS_SAFETENSORS_${code}`);
    for (const beat of [error.where, error.what, error.expected, error.received, error.next]) expect(beat).not.toBe('');
  });

  it('reads tensors in any order of names and offsets, empty ones too, and spaces after the header', () => {
    const { tensors } = readSafetensors(
      file(
        `{"b":${f32(4, 8)},"none":${f32(4, 4, '[0,9]')},"a":${f32(0, 4)}}   `,
        Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      ),
    );
    expect([...tensors.keys()]).toEqual(['b', 'none', 'a']);
    expect(tensors.get('b')!.bytes).toEqual(Uint8Array.of(5, 6, 7, 8));
  });

  it('takes names of Object.prototype for names', () => {
    const { tensors, metadata } = readSafetensors(
      file(`{"__metadata__":{"__proto__":"p"},"__proto__":${f32(0, 4)},"constructor":${f32(4, 4)}}`, 4),
    );
    expect([...tensors.keys()]).toEqual(['__proto__', 'constructor']);
    expect(metadata.get('__proto__')).toBe('p');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('refuses every truncation of a good file', () => {
    const good = writeSafetensors([['w', { dtype: 'float32', shape: [3], values: new Float32Array([1, 2, 3]) }]]);
    for (let length = 0; length < good.length; length++)
      expect(errorOf(() => readSafetensors(good.subarray(0, length))).code).toMatch(/^GS_SAFETENSORS_/);
  });

  it('throws its own errors alone for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.string(), (data, text) => {
        for (const bytes of [data, file(text, data), file(`{"w":${text}}`, data)]) {
          expect(foreignError(() => readSafetensors(bytes))).toBeUndefined();
        }
      }),
    );
  });
});

describe('toHostArray', () => {
  it('shares aligned memory and copies what is not aligned', () => {
    const bytes = writeSafetensors([['w', { dtype: 'float32', shape: [2], values: new Float32Array([1, 2]) }]]);
    const shared = toHostArray('w', readSafetensors(bytes).tensors.get('w')!);
    expect(shared.values.buffer).toBe(bytes.buffer);
    const moved = new Uint8Array(bytes.length + 1);
    moved.set(bytes, 1);
    const copied = toHostArray('w', readSafetensors(moved.subarray(1)).tensors.get('w')!);
    expect(copied).toEqual({ dtype: 'float32', shape: [2], values: new Float32Array([1, 2]) });
    expect(copied.values.buffer).not.toBe(moved.buffer);
  });

  it('refuses dtypes that arrays do not hold, by name', () => {
    const error = errorOf(() => toHostArray('blocks/0', { dtype: 'BF16', shape: [1], bytes: new Uint8Array(2) }));
    expect([error.code, error.received]).toEqual(['GS_SAFETENSORS_DTYPE', 'BF16']);
    expect(error.message).toContain('blocks/0');
  });
});
