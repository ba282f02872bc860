import { expect, it } from 'vitest';
import { batchOffsets } from './batch-offsets.js';

it.each([
  [[], [], [0]],
  [[3], [3], [0, 1, 2]],
  [[1], [3], [0, 0, 0]],
  [[], [3], [0, 0, 0]],
  [
    [2, 1],
    [2, 3],
    [0, 0, 0, 1, 1, 1],
  ],
  [
    [1, 3],
    [2, 3],
    [0, 1, 2, 0, 1, 2],
  ],
  [[3], [2, 3], [0, 1, 2, 0, 1, 2]],
  [
    [2, 3],
    [2, 3],
    [0, 1, 2, 3, 4, 5],
  ],
])('of %j in %j are %j', (dimensions, output, offsets) => {
  expect(batchOffsets(dimensions, output)).toEqual(offsets);
});
