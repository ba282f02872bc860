import { expect, it } from 'vitest';
import { cropping1d } from './cropping1d.js';
import { cropping2d } from './cropping2d.js';
import { permute } from './permute.js';
import { repeatVector } from './repeat-vector.js';
import { reshape } from './reshape.js';
import { upSampling2d } from './up-sampling2d.js';
import { zeroPadding2d } from './zero-padding2d.js';
import { zeroPadding3d } from './zero-padding3d.js';

it.each([
  [
    'a shape with another number of values',
    () => reshape([5]).build([[null, 2, 3]], 'r'),
    /GS_LAYER_SHAPE .*6 values cannot have the shape \[5\]/s,
  ],
  ['a shape that does not divide', () => reshape([4, -1]).build([[null, 6]], 'r'), /GS_LAYER_SHAPE .*multiple of 4/s],
  ['two free sizes', () => reshape([-1, -1]), /GS_OPTION_VALUE/],
  ['a shape that is none', () => reshape('7,7' as never), /GS_OPTION_VALUE/],
  ['an order that is none', () => permute([1, 3]), /GS_OPTION_VALUE/],
  ['the batch in an order', () => permute([0, 1]), /GS_OPTION_VALUE/],
  ['an order for another rank', () => permute([2, 1]).build([[null, 3]], 'p'), /GS_LAYER_SHAPE/],
  ['no repetition', () => repeatVector(0), /GS_OPTION_VALUE/],
  ['a matrix to repeat', () => repeatVector(2).build([[null, 3, 3]], 'r'), /GS_LAYER_SHAPE/],
  ['cropping all', () => cropping1d([2, 1]).build([[null, 3, 1]], 'c'), /GS_LAYER_SHAPE .*takes all/s],
  ['a negative amount', () => cropping2d(-1), /GS_OPTION_VALUE/],
  [
    'pairs for another rank',
    () =>
      zeroPadding3d([
        [1, 1],
        [1, 1],
      ] as never),
    /GS_OPTION_VALUE/,
  ],
  ['a series instead of images', () => zeroPadding2d(1).build([[null, 3, 1]], 'z'), /GS_LAYER_SHAPE .*height, width/s],
  ['channels first', () => zeroPadding2d(1, { dataFormat: 'channelsFirst' as never }), /GS_OPTION_VALUE .*permute/s],
  ['a factor of 0', () => upSampling2d(0), /GS_OPTION_VALUE/],
  [
    'an unknown interpolation',
    () => upSampling2d(2, { interpolation: 'cubic' as never }),
    /GS_OPTION_VALUE .*bicubic/s,
  ],
])('refuses %s', (_, define, message) => {
  expect(define).toThrow(message);
});

it('leaves sizes that the data decides open', () => {
  expect(reshape([-1, 2]).build([[null, null, 2]], 'r').outputShape).toEqual([null, null, 2]);
  expect(upSampling2d(2).build([[null, null, 4, 3]], 'u').outputShape).toEqual([null, null, 8, 3]);
  expect(
    zeroPadding2d([
      [1, 0],
      [0, 0],
    ]).build([[null, 2, null, 3]], 'z').outputShape,
  ).toEqual([null, 3, null, 3]);
});
