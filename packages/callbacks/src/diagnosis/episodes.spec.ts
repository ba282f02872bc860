import { expect, it } from 'vitest';
import { Episodes } from './episodes.js';

it('says when something begins, once each time, by name', () => {
  const episodes = new Episodes();
  expect([true, true, false, true].map((sick) => episodes.begins(sick))).toEqual([true, false, false, true]);
  expect(episodes.begins(true, 'other')).toBe(true);
});
