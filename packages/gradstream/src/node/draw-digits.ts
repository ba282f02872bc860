import type { HostArray } from '@gradstream/core';

/** Bits of a braille cell's dots: four rows of two. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Pixels from here on are ink. */
const INK = 0.35;

/** Images side by side as text, each under its caption: a braille cell is 2 by 4 pixels, so 28 by 28 take 14 columns and 7 lines. `images` is [n, height, width] from 0 to 1. */
export function drawDigits(images: HostArray, captions: readonly string[], perRow = 5): string {
  const [count = 0, height = 0, width = 0] = images.shape;
  const columns = Math.ceil(width / 2);
  const lines: string[] = [];
  const row = (indices: readonly number[], cell: (index: number) => string): void => {
    lines.push(
      indices
        .map((index) => cell(index).padEnd(columns))
        .join('  ')
        .trimEnd(),
    );
  };
  for (let first = 0; first < count; first += perRow) {
    const shown = Array.from({ length: Math.min(perRow, count - first) }, (_, offset) => first + offset);
    row(shown, (index) => captions[index] ?? '');
    for (let top = 0; top < height; top += 4) row(shown, (index) => brailleLine(images, index, top));
    if (first + perRow < count) lines.push('');
  }
  return lines.join('\n');
}

function brailleLine({ shape, values }: HostArray, index: number, top: number): string {
  const [, height = 0, width = 0] = shape;
  let line = '';
  for (let left = 0; left < width; left += 2) {
    let cell = 0;
    for (let y = 0; y < 4 && top + y < height; y++) {
      for (let x = 0; x < 2 && left + x < width; x++) {
        if (values[(index * height + top + y) * width + left + x]! > INK) cell |= DOTS[y]![x]!;
      }
    }
    line += String.fromCharCode(0x2800 + cell);
  }
  return line;
}
