import { checkNumber, describeValue, GradstreamError } from '@gradstream/core';
import { add, mul, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';
import { shapeError } from '../internal/shape-error.js';

/** Options of `rescaling`. */
export interface RescalingOptions extends LayerOptions {
  /** What is added, one number or one for each place of the last dimension. Default 0. */
  readonly offset?: number | readonly number[];
}

/**
 * A layer that computes `x * scale + offset`: `rescaling(1 / 255)` brings pixels to [0, 1]. Scale and offset are one number, or one for each channel.
 *
 * Any shape, whole numbers too; the output is float32. As Keras' Rescaling. Throws `GS_LAYER_SHAPE` where a list does not fit the last dimension.
 */
export function rescaling(scale: number | readonly number[], options: RescalingOptions = {}): Layer {
  const where = 'layers/rescaling';
  const common = checkLayerOptions(where, options, ['offset']);
  const factor = checkNumbers(where, 'scale', scale);
  const offset = checkNumbers(where, 'offset', options.offset ?? 0);
  return {
    type: 'Rescaling',
    ...common,
    build([inputShape], path): LayerBuild {
      for (const list of [factor, offset]) {
        if (typeof list === 'number' || list.length === 1 || list.length === inputShape!.at(-1)) continue;
        throw shapeError(
          'rescaling',
          path,
          `There are ${list.length} numbers for another number of channels`,
          `[batch, ..., ${list.length}]`,
          inputShape!,
          'Give one number for all channels, or one for each.',
        );
      }
      return { outputShape: inputShape!, weights: [] };
    },
    call: (_, [x]): Tensor => add(mul(x!, constant(factor)), constant(offset)),
    computeMask: passMask,
    toConfig: () => layerConfig('Rescaling', common, { scale: factor, offset }),
  };
}

const constant = (value: number | readonly number[]): Tensor | number =>
  typeof value === 'number' ? value : tensor([...value], undefined, 'float32');

function checkNumbers(where: string, name: string, value: unknown): number | readonly number[] {
  if (!Array.isArray(value)) return checkNumber(where, name, value);
  if (value.length > 0) return value.map((one) => checkNumber(where, name, one));
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected: 'a number, or a list with one for each channel',
    received: describeValue(value),
    next: `Give "${name}" such a number.`,
  });
}
