import type { Shape } from '@gradstream/core';
import type { Activation } from './activation.js';
import { checkEven, glu } from './glu.js';

/**
 * The shape that comes out of an activation for a shape that goes in: the same one, but half the last size for `glu`.
 *
 * For a function of one's own the same shape is assumed. Throws `GS_ACTIVATION_SHAPE` for `glu` on an odd last size.
 */
export function activationShape(activation: Activation, shape: Shape): Shape {
  if (activation !== glu) return shape;
  checkEven(shape, shape.length - 1);
  const size = shape.at(-1);
  return [...shape.slice(0, -1), typeof size === 'number' ? size / 2 : null];
}
