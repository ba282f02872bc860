import { checkChoice, checkNumber, checkOptions, type Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { markInput, pipeFrom } from '../internal/symbolic.js';
import { checkLayerOptions, checkShape } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';
import type { SymbolicTensor } from '../symbolic-tensor.js';

/** Options of `input`. */
export interface InputOptions {
  /** Shape of one example, without the batch; null for a size that varies. */
  readonly shape: Shape;
  readonly name?: string;
  /** What the model gets: `float32` (default) or `int32`. */
  readonly dtype?: 'float32' | 'int32';
  /** Fixes the size of the batch, as layers that carry a state from batch to batch need it. */
  readonly batchSize?: number;
}

/** An input: a symbolic tensor, and as the first layer of a `sequential` a layer. It says what a model's examples look like. */
export interface InputLayer extends Layer, SymbolicTensor {
  readonly type: 'InputLayer';
  readonly inputShape: Shape;
  readonly dtype: 'float32' | 'int32';
}

/**
 * The start of a model: `input({ shape: [28, 28] })`, the first layer of `sequential` or the first tensor of `model`.
 *
 * Throws `GS_LAYER_INPUT_SHAPE` for anything that is no shape.
 */
export function input(options: InputOptions): InputLayer {
  const where = 'layers/input';
  checkOptions(where, options, ['shape', 'name', 'dtype', 'batchSize']);
  const { shape, name, dtype = 'float32' } = options;
  const batch =
    options.batchSize === undefined
      ? null
      : checkNumber(where, 'batchSize', options.batchSize, { min: 1, integer: true });
  checkShape(where, shape);
  checkChoice(where, 'dtype', dtype, ['float32', 'int32']);
  const common = checkLayerOptions(where, name === undefined ? {} : { name });
  const tensor: InputLayer = {
    type: 'InputLayer',
    ...common,
    inputShape: shape,
    shape: [batch, ...shape],
    dtype,
    inputDtype: dtype,
    pipe: (...steps) => pipeFrom(tensor, steps),
    build: ([inputShape]): LayerBuild => ({ outputShape: inputShape!, outputDtype: 'input', weights: [] }),
    call: (_, [x]): Tensor => x!,
    computeMask: passMask,
    toConfig: () => ({ type: 'InputLayer', config: { name: name ?? null, batchShape: [batch, ...shape], dtype } }),
  };
  markInput(tensor);
  return tensor;
}
