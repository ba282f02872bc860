import { describe, expect, it } from 'vitest';
import * as anywhere from '../index.js';
import * as node from './index.js';

describe('the umbrella', () => {
  it('has what the guide names', () => {
    expect(Object.keys(node)).toEqual(
      expect.arrayContaining(['sequential', 'layers', 'compile', 'datasets', 'callbacks', 'saveModel', 'useBackend']),
    );
  });

  it('has the same names in Node.js and elsewhere, and more of them in Node.js', () => {
    expect(Object.keys(node)).toEqual(expect.arrayContaining(Object.keys(anywhere)));
    expect(Object.keys(node.datasets)).toEqual(expect.arrayContaining([...Object.keys(anywhere.datasets), 'mnist']));
    expect(Object.keys(node.callbacks)).toEqual(
      expect.arrayContaining([...Object.keys(anywhere.callbacks), 'csvLogger', 'tensorBoard']),
    );
    expect('mnist' in anywhere.datasets).toBe(false);
  });
});
