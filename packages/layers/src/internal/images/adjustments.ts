import { depthwiseConvolution } from '@gradstream/autodiff';
import {
  add,
  div,
  floor,
  greater,
  less,
  mean,
  mul,
  pow,
  sub,
  tensor,
  tile,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Draws } from '../draws.js';
import { greyOf, hueSaturationValue, redGreenBlue } from './colours.js';
import { changeRange, clipTo, eachImage, type ValueRange } from './value-range.js';

/** One draw an image from a range. */
type Range = readonly [number, number];

const BYTES: ValueRange = [0, 255];
const drawEach = (x: Tensor, draws: Draws, [low, high]: Range): Tensor =>
  eachImage(draws.uniform('factor', [x.shape[0]!], low, high));

/** Adds a share of the value range to each image. */
export function adjustBrightness(x: Tensor, draws: Draws, factor: Range, values: ValueRange): Tensor {
  return clipTo(add(x, mul(drawEach(x, draws, factor), values[1] - values[0])), values);
}

/** Stretches the values of each image around the mean of each channel: by 1 - the smaller factor to 1 + the larger one. */
export function adjustContrast(x: Tensor, draws: Draws, [low, high]: Range, values: ValueRange): Tensor {
  const middle = mean(mean(x, 1, true), 2, true);
  return clipTo(add(mul(sub(x, middle), drawEach(x, draws, [1 - low, 1 + high])), middle), values);
}

/** Turns the colours of each image by up to half the circle, to one side or the other. */
export function adjustHue(x: Tensor, draws: Draws, factor: Range, values: ValueRange): Tensor {
  const side = where(greater(draws.uniform('invert', [x.shape[0]!]), 0.5), -0.5, 0.5);
  const turn = mul(drawEach(x, draws, factor), eachImage(side));
  const [hue, saturation, value] = hueSaturationValue(changeRange(x, values, [0, 1]));
  const turned = add(hue, turn);
  const below = where(greater(turned, 1), sub(turned, 1), turned);
  const around = where(less(below, 0), add(below, 1), below);
  return changeRange(clipTo(redGreenBlue([around, saturation, value]), [0, 1]), [0, 1], values);
}

/** Multiplies the saturation of each image by f / (1 - f), cut off at the value range. */
export function adjustSaturation(x: Tensor, draws: Draws, factor: Range, values: ValueRange): Tensor {
  const drawn = drawEach(x, draws, factor);
  const [hue, saturation, value] = hueSaturationValue(x);
  const by = div(drawn, add(sub(1, drawn), 1e-7));
  return redGreenBlue([hue, clipTo(mul(saturation, by), values), value]);
}

/** Takes each image away from a smoothed one, or towards it below a half. */
export function adjustSharpness(x: Tensor, draws: Draws, factor: Range, values: ValueRange): Tensor {
  const [a, b] = [1 / 13, 5 / 13];
  const kernel = tile(tensor([a, a, a, a, b, a, a, a, a], [3, 3, 1, 1]), [1, 1, x.shape[3]!, 1]);
  const smooth = depthwiseConvolution({ x, filter: kernel, padding: 'same' });
  const share = sub(1, mul(drawEach(x, draws, factor), 2));
  return clipTo(add(x, mul(share, sub(smooth, x))), values);
}

/** Takes colour out of each image: all of it at 1; below 0 there is more. */
export function adjustColour(x: Tensor, draws: Draws, factor: Range, values: ValueRange): Tensor {
  return clipTo(add(x, mul(drawEach(x, draws, factor), sub(greyOf(x), x))), values);
}

/** Keeps so many of the eight bits of each value: whole numbers from the smaller factor to below the larger one, or the one where they are equal. */
export function posterize(x: Tensor, draws: Draws, [low, high]: Range, values: ValueRange): Tensor {
  const bits = floor(drawEach(x, draws, [low, high]));
  const step = pow(2, sub(8, bits));
  // Whole numbers of a byte, as if written into one.
  const bytes = floor(clipTo(changeRange(x, values, BYTES), BYTES));
  return changeRange(mul(floor(div(bytes, step)), step), BYTES, values);
}

/** Adds to each image, in 0 to 255, and turns values from a threshold on around. */
export function solarize(
  x: Tensor,
  draws: Draws,
  { addition, threshold }: { readonly addition: Range; readonly threshold: Range },
  values: ValueRange,
): Tensor {
  const draw = (stream: string, [low, high]: Range): Tensor =>
    eachImage(draws.uniform(stream, [x.shape[0]!], low, high * 255));
  const lighter = clipTo(add(changeRange(x, values, BYTES), draw('additions', addition)), BYTES);
  const turned = where(less(lighter, draw('thresholds', threshold)), lighter, sub(255, lighter));
  return changeRange(turned, BYTES, values);
}
