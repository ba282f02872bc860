import { checkFunction, type Json, type Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { partConfig } from '../internal/part-config.js';
import { shapeError } from '../internal/shape-error.js';
import { checkLayerOptions, checkShape, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild, Mask } from '../layer.js';

/** A function of the layer's inputs. */
export type LambdaFunction = (...inputs: Tensor[]) => Tensor;

/** Options of `lambda`. */
export interface LambdaOptions extends LayerOptions {
  /** The shape of one output example, without the batch, or a function of the inputs' shapes that gives it. Default: the shape of the first input. */
  readonly outputShape?: Shape | ((inputShapes: readonly Shape[]) => Shape);
  /** What becomes of the masks. Default: the mask is lost. */
  readonly mask?: (inputs: readonly Tensor[], masks: readonly Mask[]) => Mask;
}

/**
 * A layer that computes a function of its inputs, of operations that have gradients.
 *
 * The function's result has the batch in front and is checked against `outputShape`: `GS_LAYER_SHAPE` otherwise. A model with it can be saved where the function is a
 * `customFunction(name, f)`; it is then found again by that name among the functions passed to `modelFromConfig`, never in the file.
 */
export function lambda(f: LambdaFunction, options: LambdaOptions = {}): Layer {
  const where = 'layers/lambda';
  checkFunction(where, 'f', f);
  const common = checkLayerOptions(where, options, ['outputShape', 'mask']);
  const { outputShape, mask } = options;
  if (outputShape !== undefined && typeof outputShape !== 'function') checkShape(where, outputShape);
  if (mask !== undefined) checkFunction(where, 'mask', mask);
  const shapeOf = (inputShapes: readonly Shape[]): Shape => {
    if (outputShape === undefined) return inputShapes[0]!;
    const rest =
      typeof outputShape === 'function' ? outputShape(inputShapes.map((shape) => shape.slice(1))) : outputShape;
    checkShape(where, rest);
    return [inputShapes[0]![0] ?? null, ...rest];
  };
  return {
    type: 'Lambda',
    ...common,
    inputDtype: 'any',
    inputCount: [1, Number.POSITIVE_INFINITY],
    build: (inputShapes): LayerBuild => ({ outputShape: shapeOf(inputShapes), weights: [] }),
    call(_, inputs): Tensor {
      const result = f(...inputs);
      const expected = shapeOf(inputs.map(({ shape }) => shape));
      const fits =
        result.shape.length === expected.length &&
        expected.every((size, index) => size === null || size === result.shape[index]);
      if (fits) return result;
      throw shapeError(
        'lambda',
        common.name ?? 'lambda',
        'The function gives another shape than was said',
        `[${expected.map(String).join(', ')}]`,
        result.shape,
        'Give the option outputShape, without the batch.',
      );
    },
    ...(mask === undefined ? {} : { computeMask: mask }),
    toConfig: () => {
      const functions: Record<string, Json> = { f: partConfig(where, 'f', f) };
      if (typeof outputShape === 'function') functions.outputShape = partConfig(where, 'outputShape', outputShape);
      else if (outputShape !== undefined) functions.outputShape = outputShape;
      if (mask !== undefined) functions.mask = partConfig(where, 'mask', mask);
      return layerConfig('Lambda', common, functions);
    },
  };
}
