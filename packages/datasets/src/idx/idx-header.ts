import { describeShape, GradstreamError, type HostDtype, type Shape } from '@gradstream/core';

/** What an IDX file says about itself in its first bytes. */
export interface IdxHeader {
  readonly shape: readonly number[];
  /** How the elements are stored. */
  readonly element: IdxElement;
  /** Bytes of the elements in the file. */
  readonly bytes: number;
}

/** An element type of the format: its size in the file, and the dtype it is read as. */
export interface IdxElement {
  readonly name: string;
  readonly size: 1 | 2 | 4;
  readonly dtype: HostDtype;
}

const elements: Readonly<Record<number, IdxElement>> = {
  0x08: { name: 'unsigned byte', size: 1, dtype: 'uint8' },
  0x09: { name: 'signed byte', size: 1, dtype: 'int32' },
  0x0b: { name: 'short', size: 2, dtype: 'int32' },
  0x0c: { name: 'int', size: 4, dtype: 'int32' },
  0x0d: { name: 'float', size: 4, dtype: 'float32' },
};

/** The rank that the first four bytes tell: two zeros, the type, the number of dimensions. Throws `GS_IDX_MAGIC` and `GS_IDX_TYPE`. */
export function idxRank(where: string, magic: Uint8Array): { readonly rank: number; readonly element: IdxElement } {
  const hex = Array.from(magic, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const rank = magic[3] ?? 0;
  if (magic.length < 4 || magic[0] !== 0 || magic[1] !== 0 || rank === 0) {
    throw new GradstreamError('GS_IDX_MAGIC', {
      where,
      what: 'This is no IDX file',
      expected: 'the bytes 00 00, a type, and a number of dimensions above 0 (or a gzip file that holds them)',
      received: magic.length === 0 ? 'no bytes' : hex,
      next: 'Check that the file is the right one and that the download is whole.',
    });
  }
  const element = elements[magic[2]!];
  if (element === undefined) {
    throw new GradstreamError('GS_IDX_TYPE', {
      where,
      what: 'The elements have a type that is not read here',
      expected: '08 unsigned byte, 09 signed byte, 0b short, 0c int or 0d float',
      received: magic[2] === 0x0e ? '0e double, which float32 cannot hold exactly' : hex.slice(6, 8),
      next: 'Convert the file to one of these types.',
    });
  }
  return { rank, element };
}

/** The limits a header has to keep. */
export interface IdxLimits {
  readonly expectedShape?: Shape | undefined;
  readonly maxBytes: number;
}

/**
 * The header of the bytes of the sizes that follow the first four, checked before any memory is taken for the elements.
 *
 * Throws `GS_IDX_TRUNCATED`, `GS_IDX_SHAPE` where another shape was expected, and `GS_IDX_SIZE` above the limit.
 */
export function idxHeader(
  where: string,
  element: IdxElement,
  rank: number,
  sizes: Uint8Array,
  { expectedShape, maxBytes }: IdxLimits,
): IdxHeader {
  if (sizes.length < rank * 4) {
    throw new GradstreamError('GS_IDX_TRUNCATED', {
      where,
      what: 'The file ends inside its header',
      expected: `${rank} sizes of 4 bytes`,
      received: `${sizes.length} bytes`,
      next: 'Download the file again.',
    });
  }
  const view = new DataView(sizes.buffer, sizes.byteOffset, sizes.byteLength);
  const shape = Array.from({ length: rank }, (_, dimension) => view.getUint32(dimension * 4));
  if (expectedShape !== undefined && !fits(shape, expectedShape)) {
    throw new GradstreamError('GS_IDX_SHAPE', {
      where,
      what: 'The file has another shape than was asked for',
      expected: describeShape(expectedShape),
      received: describeShape(shape),
      next: 'Check that the file is the right one.',
    });
  }
  // An empty dimension makes the file empty, whatever the others say. Large products only lose digits far above any limit.
  const count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  const inMemory = count * (element.dtype === 'uint8' ? 1 : 4);
  if (inMemory > maxBytes) {
    throw new GradstreamError('GS_IDX_SIZE', {
      where,
      what: 'The header announces more than is allowed',
      expected: `at most ${maxBytes} bytes in memory`,
      received: `shape ${describeShape(shape)} of ${element.name}, ${inMemory} bytes`,
      next: 'If the file is really that large, raise maxBytes.',
    });
  }
  return { shape, element, bytes: count * element.size };
}

function fits(shape: readonly number[], expected: Shape): boolean {
  return (
    shape.length === expected.length && expected.every((size, dimension) => size === null || size === shape[dimension])
  );
}
