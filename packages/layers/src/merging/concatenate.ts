import { checkNumber, describeShape, type Shape } from '@gradstream/core';
import { any, concat, expandDims, logicalOr, onesLike, zerosLike, cast, type Tensor } from '@tensorflow/tfjs-core';
import { mergingOf, type Merging } from '../internal/merging.js';
import { shapeError } from '../internal/shape-error.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { LayerBuild, Mask } from '../layer.js';

/** Options of `concatenate`. */
export interface ConcatenateOptions extends LayerOptions {
  /** The dimension to join along, the batch being 0. Default -1, the last. */
  readonly axis?: number;
}

/**
 * A layer that puts its inputs one after the other along an axis; all other sizes are the same. `concatenate([a, b])` applies it at once.
 *
 * Throws `GS_LAYER_SHAPE` for shapes that do not fit.
 */
export const concatenate: Merging<ConcatenateOptions> = mergingOf((options) => {
  const where = 'layers/concatenate';
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });
  const common = checkLayerOptions(where, options, ['axis']);
  return {
    type: 'Concatenate',
    ...common,
    inputDtype: 'any',
    inputCount: [1, Number.POSITIVE_INFINITY],
    build: (inputShapes, path): LayerBuild => ({
      outputShape: joinedShape(path, inputShapes, axis),
      outputDtype: 'input',
      weights: [],
    }),
    call: (_, inputs): Tensor => {
      const { dtype } = inputs[0]!;
      return concat(
        inputs.map((input) => (input.dtype === dtype ? input : cast(input, dtype))),
        axis < 0 ? inputs[0]!.rank + axis : axis,
      );
    },
    computeMask: (inputs, masks) => joinedMask(inputs, masks, axis),
    toConfig: () => layerConfig('Concatenate', common, { axis }),
  };
});

function joinedShape(path: string, shapes: readonly Shape[], axis: number): Shape {
  const [first] = shapes;
  const rank = first!.length;
  const along = axis < 0 ? rank + axis : axis;
  const fit = shapes.every(
    (shape) =>
      shape.length === rank &&
      shape.every(
        (size, index) => index === along || size === null || first![index] === null || size === first![index],
      ),
  );
  if (!fit || along < 0 || along >= rank) {
    throw shapeError(
      'concatenate',
      path,
      along < 0 || along >= rank ? `There is no axis ${axis}` : `The inputs differ not only along axis ${axis}`,
      'inputs of one rank whose other sizes are the same',
      shapes.map(describeShape).join(' and '),
      'Choose another axis, or bring the inputs to one shape.',
    );
  }
  return first!.map((_, index) => {
    const sizes: (number | null)[] = shapes.map((shape) => shape[index] ?? null);
    if (index !== along) return sizes.find((size) => size !== null) ?? null;
    return sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + size!, 0);
  });
}

/** The masks joined as the inputs are: an input without one counts everywhere. */
function joinedMask(inputs: readonly Tensor[], masks: readonly Mask[], axis: number): Mask {
  if (inputs.every((_, index) => masks[index] === undefined)) return undefined;
  const whole = inputs.map((input, index) => {
    const mask = masks[index];
    if (mask === undefined) return cast(onesLike(input), 'bool');
    return mask.rank < input.rank ? logicalOr(expandDims(mask, -1), cast(zerosLike(input), 'bool')) : mask;
  });
  return any(concat(whole, axis < 0 ? inputs[0]!.rank + axis : axis), -1);
}
