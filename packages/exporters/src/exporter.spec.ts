import { expect, it } from 'vitest';
import { byteLength } from './exporter.js';

it('byteLength adds up the pieces of a file', () => {
  expect(byteLength({ name: 'file', pieces: [] })).toBe(0);
  expect(byteLength({ name: 'file', pieces: [new Uint8Array(3), new Uint8Array(0), new Uint8Array(4)] })).toBe(7);
});
