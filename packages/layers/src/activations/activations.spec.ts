import { expect, it } from 'vitest';
import { elu } from './elu.js';
import { leakyRelu } from './leaky-relu.js';
import { prelu } from './prelu.js';
import { relu } from './relu.js';
import { softmax } from './softmax.js';

it.each([
  ['a negative slope', () => leakyRelu({ negativeSlope: -1 }), /GS_OPTION_VALUE/],
  ['a slope for ReLU below 0', () => relu({ negativeSlope: -1 }), /GS_OPTION_VALUE/],
  ['a largest value below 0', () => relu({ maxValue: -1 }), /GS_OPTION_VALUE/],
  ['a negative alpha', () => elu({ alpha: -1 }), /GS_OPTION_VALUE/],
  ['an axis that is none', () => softmax({ axis: 1.5 }), /GS_OPTION_VALUE/],
  ['an axis that the input lacks', () => softmax({ axis: 2 }).build([[null, 3]], 's'), /GS_LAYER_SHAPE .*no axis 2/s],
  [
    'a mask that cannot be spread',
    () =>
      softmax().build(
        [
          [null, 3],
          [null, 4],
        ],
        's',
      ),
    /GS_LAYER_SHAPE .*mask/s,
  ],
  ['slopes of unknown size', () => prelu().build([[null, null, 3]], 'p'), /GS_LAYER_SHAPE/],
  ['a shared axis that is not there', () => prelu({ sharedAxes: [3] }).build([[null, 3]], 'p'), /GS_LAYER_SHAPE/],
  ['shared axes that are none', () => prelu({ sharedAxes: [0] }), /GS_OPTION_VALUE/],
])('refuses %s', (_, define, message) => {
  expect(define).toThrow(message);
});
