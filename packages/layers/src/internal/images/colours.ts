import {
  abs,
  add,
  clipByValue,
  concat,
  div,
  equal,
  greater,
  less,
  max,
  min,
  mul,
  onesLike,
  slice,
  sub,
  sum,
  tensor,
  where,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Hue, saturation and value, or red, green and blue: `[batch, height, width, 1]` each. */
export type Channels = readonly [Tensor, Tensor, Tensor];

/** The three channels of images. */
export function channelsOf(x: Tensor): Channels {
  const size = [...x.shape.slice(0, -1), 1];
  const channel = (index: number): Tensor => slice(x, [0, 0, 0, index], size);
  return [channel(0), channel(1), channel(2)];
}

/** How light pixels look: 0.2989 red + 0.587 green + 0.114 blue, in one channel. Images of one channel stay. */
export function greyOf(x: Tensor): Tensor {
  return x.shape[3] === 1 ? x : sum(mul(x, tensor([0.2989, 0.587, 0.114], [3], 'float32')), 3, true);
}

/** Red, green and blue from 0 up as hue (0 to 1 around the circle), saturation (0 to 1) and value (the largest of the three). */
export function hueSaturationValue(x: Tensor): Channels {
  const [red, green, blue] = channelsOf(x);
  const value = max(x, 3, true);
  const spread = sub(value, min(x, 3, true));
  const none = zerosLike(value);
  // Where there is no colour, or no light, the divisor is any but 0: what comes out is not taken.
  const over = (part: Tensor, whole: Tensor): Tensor => {
    const some = greater(whole, 0);
    return where(some, div(part, where(some, whole, onesLike(whole))), none);
  };
  const sixth = (from: Tensor, to: Tensor, start: number): Tensor => add(over(sub(from, to), mul(spread, 6)), start);
  const hue = where(
    equal(red, value),
    sixth(green, blue, 0),
    where(equal(green, value), sixth(blue, red, 2 / 6), sixth(red, green, 4 / 6)),
  );
  const coloured = where(greater(spread, 0), hue, none);
  return [where(less(coloured, 0), add(coloured, 1), coloured), over(spread, value), value];
}

/** The way back. */
export function redGreenBlue([hue, saturation, value]: Channels): Tensor {
  const turn = mul(hue, 6);
  const unit = (part: Tensor): Tensor => clipByValue(part, 0, 1);
  const red = unit(sub(abs(sub(turn, 3)), 1));
  const green = unit(sub(2, abs(sub(turn, 2))));
  const blue = unit(sub(2, abs(sub(turn, 4))));
  const white = sub(1, saturation);
  return concat(
    [red, green, blue].map((part) => mul(add(white, mul(saturation, part)), value)),
    3,
  );
}
