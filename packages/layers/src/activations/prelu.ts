import { describeShape, describeValue, GradstreamError, type Config } from '@gradstream/core';
import type { Initializer } from '@gradstream/initializers';
import type { Regularizer } from '@gradstream/regularizers';
import type { Constraint } from '@gradstream/regularizers/constraints';
import { prelu as activate, type Tensor } from '@tensorflow/tfjs-core';
import { partConfig } from '../internal/part-config.js';
import { shapeError } from '../internal/shape-error.js';
import { weightParts } from '../internal/weight-parts.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** Options of `prelu`. */
export interface PreluOptions extends LayerOptions {
  /** Default `zeros`. */
  readonly alphaInitializer?: string | Config | Initializer;
  readonly alphaRegularizer?: string | Config | Regularizer;
  readonly alphaConstraint?: string | Config | Constraint;
  /** Dimensions, counted from 1, along which one slope is shared: `[1, 2]` for one a channel of images. Default: none. */
  readonly sharedAxes?: readonly number[];
}

/**
 * A layer that learns the slope below 0: `x` above, `alpha * x` below. Any shape; `alpha` has the shape of an example, with 1 along shared axes.
 *
 * Source: He et al., "Delving deep into rectifiers", 2015.
 */
export function prelu(options: PreluOptions = {}): Layer {
  const where = 'layers/prelu';
  const common = checkLayerOptions(where, options, [
    'alphaInitializer',
    'alphaRegularizer',
    'alphaConstraint',
    'sharedAxes',
  ]);
  const alpha = weightParts(
    'alpha',
    options.alphaInitializer ?? 'zeros',
    options.alphaRegularizer,
    options.alphaConstraint,
  );
  const { sharedAxes } = options;
  if (
    sharedAxes !== undefined &&
    !(Array.isArray(sharedAxes) && sharedAxes.every((axis) => Number.isSafeInteger(axis) && axis > 0))
  ) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The option "sharedAxes" has a value that cannot be used',
      expected: 'a list of dimensions, counted from 1',
      received: describeValue(sharedAxes),
      next: 'Give [1, 2] for images.',
    });
  }
  return {
    type: 'PReLU',
    ...common,
    build([inputShape], path): LayerBuild {
      const shape = inputShape!.slice(1).map((size, index) => (sharedAxes?.includes(index + 1) ? 1 : size));
      if (shape.includes(null) || sharedAxes?.some((axis) => axis >= inputShape!.length)) {
        throw shapeError(
          'prelu',
          path,
          'The slopes have no known shape',
          'known sizes after the batch, along all axes that are not shared',
          describeShape(inputShape!),
          'Give the sizes, or share those axes.',
        );
      }
      return { outputShape: inputShape!, weights: [{ ...alpha, shape: shape as number[] }] };
    },
    call: (weights, [x]): Tensor => activate(x!, weights.alpha!),
    computeMask: passMask,
    toConfig: () =>
      layerConfig('PReLU', common, {
        alphaInitializer: partConfig(where, 'alphaInitializer', alpha.initializer),
        alphaRegularizer: partConfig(where, 'alphaRegularizer', alpha.regularizer),
        alphaConstraint: partConfig(where, 'alphaConstraint', alpha.constraint),
        sharedAxes: sharedAxes === undefined ? null : [...sharedAxes],
      }),
  };
}
