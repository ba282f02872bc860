import { expect, it } from 'vitest';
import { isConfig } from './config.js';

it('knows a config from anything else', () => {
  expect(isConfig({ type: 'L1', config: {} })).toBe(true);
  for (const value of [null, undefined, 3, 'L1', [], {}, { type: 'L1' }, { type: 1, config: {} }]) {
    expect(isConfig(value)).toBe(false);
  }
  expect(isConfig({ type: 'L1', config: null })).toBe(false);
  expect(isConfig({ type: 'L1', config: [] })).toBe(false);
});
