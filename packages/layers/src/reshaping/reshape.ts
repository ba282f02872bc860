import { describeValue, GradstreamError, type Shape } from '@gradstream/core';
import { view } from '@gradstream/autodiff';
import type { Tensor } from '@tensorflow/tfjs-core';
import { shapeError } from '../internal/shape-error.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';

/**
 * A layer that gives each example another shape with as many values, in row-major order: `[batch, ...]` in, `[batch, ...targetShape]` out. One size may be -1:
 * it is what is left over. Throws `GS_LAYER_SHAPE` where the numbers of values differ.
 */
export function reshape(targetShape: readonly number[], options: LayerOptions = {}): Layer {
  const where = 'layers/reshape';
  const common = checkLayerOptions(where, options);
  checkTarget(where, targetShape);
  const target = [...targetShape];
  return {
    type: 'Reshape',
    ...common,
    inputDtype: 'any',
    build: ([inputShape], path): LayerBuild => ({
      outputShape: [inputShape![0] ?? null, ...resolved(path, inputShape!, target)],
      outputDtype: 'input',
      weights: [],
    }),
    call: (_, [x]): Tensor => {
      const known = target.reduce((product, size) => (size === -1 ? product : product * size), 1);
      const [batch = 1, ...rest] = x!.shape;
      const size = rest.reduce((product, length) => product * length, 1);
      return view(x!, [batch, ...target.map((length) => (length === -1 ? size / known : length))]);
    },
    toConfig: () => layerConfig('Reshape', common, { targetShape: target }),
  };
}

function checkTarget(where: string, target: unknown): void {
  const sound =
    Array.isArray(target) &&
    target.every((size) => Number.isSafeInteger(size) && (size > 0 || size === -1)) &&
    target.filter((size) => size === -1).length <= 1;
  if (sound) return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The target shape cannot be used',
    expected: 'a list of positive sizes without the batch, at most one of them -1',
    received: describeValue(target),
    next: 'Give the shape of one example, for example [7, 7, 64].',
  });
}

/** The target with its -1 replaced; null stays for a size that the data decides. */
function resolved(path: string, inputShape: Shape, target: readonly number[]): Shape {
  const rest = inputShape.slice(1);
  const known = target.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const free = target.includes(-1);
  if (rest.includes(null)) return target.map((size) => (size === -1 ? null : size));
  const size = rest.reduce<number>((product, length) => product * length!, 1);
  if (free ? size % known === 0 : size === known)
    return target.map((length) => (length === -1 ? size / known : length));
  throw shapeError(
    'reshape',
    path,
    `Examples of ${size} values cannot have the shape [${target.join(', ')}]`,
    free ? `a multiple of ${known} values` : `${known} values`,
    inputShape,
    'Choose sizes whose product is the number of values, or one size of -1.',
  );
}
