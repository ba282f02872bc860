import { checkChoice, checkOptions, type Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, checkShape } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';

/** Options of `input`. */
export interface InputOptions {
  /** Shape of one example, without the batch; null for a size that varies. */
  readonly shape: Shape;
  readonly name?: string;
  /** What the model gets: `float32` (default) or `int32`. */
  readonly dtype?: 'float32' | 'int32';
}

/** An input layer: it says what a model's examples look like and passes them on. */
export interface InputLayer extends Layer {
  readonly type: 'InputLayer';
  readonly inputShape: Shape;
  readonly dtype: 'float32' | 'int32';
}

/** The start of a model: `input({ shape: [28, 28] })`. Throws `GS_LAYER_INPUT_SHAPE` for anything that is no shape. */
export function input(options: InputOptions): InputLayer {
  const where = 'layers/input';
  checkOptions(where, options, ['shape', 'name', 'dtype']);
  const { shape, name, dtype = 'float32' } = options;
  checkShape(where, shape);
  checkChoice(where, 'dtype', dtype, ['float32', 'int32']);
  const common = checkLayerOptions(where, name === undefined ? {} : { name });
  return {
    type: 'InputLayer',
    ...common,
    inputShape: shape,
    dtype,
    build: ([inputShape]): LayerBuild => ({ outputShape: inputShape!, weights: [] }),
    call: (_, [x]): Tensor => x!,
    toConfig: () => ({ type: 'InputLayer', config: { name: name ?? null, batchShape: [null, ...shape], dtype } }),
  };
}
