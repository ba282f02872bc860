import { describe, expect, it } from 'vitest';
import { drawDigits } from './draw-digits.js';

describe('drawDigits', () => {
  it('draws 2 by 4 pixels a cell, captions above, and starts a new row', () => {
    const values = new Float32Array(3 * 5 * 3);
    // The first image: its left column; the second: its last pixel, below what is ink; the third: all.
    for (let y = 0; y < 5; y++) values[3 * y] = 1;
    values[15 + 14] = 0.2;
    values.fill(0.9, 30);
    const text = drawDigits({ dtype: 'float32', shape: [3, 5, 3], values }, ['1', '2', '3'], 2);
    expect(text.split('\n')).toEqual(['1   2', '⡇⠀  ⠀⠀', '⠁⠀  ⠀⠀', '', '3', '⣿⡇', '⠉⠁']);
  });
});
