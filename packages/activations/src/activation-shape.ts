import type { Shape } from '@gradstream/core';
import type { Activation } from './activation.js';
import { checkEven, glu } from './glu.js';

/**
 * The shape that comes out of an activation for a shape that goes in: the same one, but half the last size for `glu`, or the size along its axis.
 *
 * For a function of one's own the same shape is assumed. Throws `GS_ACTIVATION_SHAPE` for `glu` on an odd size.
 */
export function activationShape(activation: Activation, shape: Shape): Shape {
  if (activation !== glu && activation.config?.type !== 'glu') return shape;
  const axis = (activation.config?.config.axis as number | undefined) ?? -1;
  const cut = axis < 0 ? axis + shape.length : axis;
  checkEven(shape, cut);
  return shape.map((size, index) => (index === cut && size !== null ? size / 2 : size));
}
