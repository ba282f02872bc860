import { softmax as activate } from '@gradstream/activations';
import { describeValue, GradstreamError, type Shape } from '@gradstream/core';
import { cast, greater, scalar, where as select, type Tensor } from '@tensorflow/tfjs-core';
import { shapeError } from '../internal/shape-error.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild, Mask } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** Options of `softmax`. */
export interface SoftmaxLayerOptions extends LayerOptions {
  /** The axis, or the axes taken together, along which the results sum to 1. Default -1, the last. */
  readonly axis?: number | readonly number[];
}

/**
 * A layer that makes probabilities: `exp(x) / sum(exp(x))` along an axis. Any shape. Where the mask of its input, or a second input of whole numbers
 * or fractions, is false (at most 1/2), the probability is 0; that mask is spread over the input from the last dimension on, as in Keras.
 */
export function softmax(options: SoftmaxLayerOptions = {}): Layer {
  const where = 'layers/softmax';
  const common = checkLayerOptions(where, options, ['axis']);
  const { axis = -1 } = options;
  const axes = typeof axis === 'number' ? [axis] : axis;
  if (!(Array.isArray(axes) && axes.length > 0 && axes.every(Number.isSafeInteger))) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The option "axis" has a value that cannot be used',
      expected: 'a whole number, or a list of them',
      received: describeValue(axis),
      next: 'Leave it out for the last axis.',
    });
  }
  return {
    type: 'Softmax',
    ...common,
    inputCount: [1, 2],
    build([inputShape, mask], path): LayerBuild {
      checkAxes(path, inputShape!, axes);
      if (mask !== undefined) checkMask(path, inputShape!, mask);
      return { outputShape: inputShape!, weights: [] };
    },
    call: (_, [x, second], { masks }): Tensor => activate(kept(x!, second ?? masks?.[0]), { axis }),
    computeMask: passMask,
    toConfig: () => layerConfig('Softmax', common, { axis: typeof axis === 'number' ? axis : [...axis] }),
  };
}

/** The input with a number as low as float32 has one where it does not count. */
function kept(x: Tensor, mask: Mask): Tensor {
  if (mask === undefined) return x;
  const counts = mask.dtype === 'bool' ? mask : greater(cast(mask, 'float32'), 0.5);
  return select(counts, x, scalar(LOWEST));
}

/** Half of the lowest float32, as Keras takes it: a sum of two does not overflow. */
const LOWEST = -1.7014117e38;

function checkAxes(path: string, shape: Shape, axes: readonly number[]): void {
  const missing = axes.find((axis) => axis >= shape.length || axis < -shape.length);
  if (missing === undefined) return;
  throw shapeError(
    'softmax',
    path,
    `There is no axis ${missing}`,
    `an axis from ${-shape.length} to ${shape.length - 1}`,
    shape,
    'Choose another axis.',
  );
}

function checkMask(path: string, shape: Shape, mask: Shape): void {
  const fits =
    mask.length <= shape.length &&
    mask.every((size, index) => {
      const other = shape[shape.length - mask.length + index];
      return size === 1 || size === null || other === null || size === other;
    });
  if (fits) return;
  throw shapeError(
    'softmax',
    path,
    'The mask cannot be spread over the input',
    'sizes of 1 or those of the input',
    mask,
    'Give the mask the shape of the input.',
  );
}
