import type { HostArray } from '@gradstream/core';

/** Brightness in the terminal, dark to light. */
const SHADES = ' .:-=+*#%@';

/** Images side by side as text, two rows of pixels a line, each under its caption. `images` is [n, height, width] from 0 to 1. */
export function drawDigits(images: HostArray, captions: readonly string[], perRow = 5): string {
  const [count = 0, height = 0, width = 0] = images.shape;
  const lines: string[] = [];
  for (let first = 0; first < count; first += perRow) {
    const shown = Array.from({ length: Math.min(perRow, count - first) }, (_, index) => first + index);
    lines.push(shown.map((index) => (captions[index] ?? '').padEnd(width)).join('  '));
    for (let y = 0; y < height; y += 2) {
      const line = shown.map((index) => {
        let text = '';
        for (let x = 0; x < width; x++) {
          const at = (index * height + y) * width + x;
          const below = y + 1 < height ? images.values[at + width]! : 0;
          text += SHADES[Math.min(SHADES.length - 1, Math.floor(((images.values[at]! + below) / 2) * SHADES.length))];
        }
        return text;
      });
      lines.push(line.join('  ').trimEnd());
    }
    lines.push('');
  }
  return lines.join('\n');
}
