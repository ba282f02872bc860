import { expect, it } from 'vitest';
import { shareText } from './share-text.js';

it('writes shares in whole percents', () => {
  expect([0, 0.001, 0.254, 0.999, 1].map(shareText)).toEqual(['0 %', 'under 1 %', '25 %', 'over 99 %', '100 %']);
});
