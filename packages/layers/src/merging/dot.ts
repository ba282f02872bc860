import { checkBoolean, describeShape, describeValue, GradstreamError, type Shape } from '@gradstream/core';
import { div, matMul, maximum, reshape, sqrt, square, sum, transpose, type Tensor } from '@tensorflow/tfjs-core';
import { mergingOf, type Merging } from '../internal/merging.js';
import { shapeError } from '../internal/shape-error.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { LayerBuild } from '../layer.js';

/** Options of `dot`. */
export interface DotOptions extends LayerOptions {
  /** The dimension of each input to sum over, or one for both; the batch, 0, cannot be. */
  readonly axes: number | readonly [number, number];
  /** Divides each vector by its length first, which makes the result the cosine. Default false. */
  readonly normalize?: boolean;
}

/**
 * A layer that takes scalar products of two inputs, example by example: `[batch, ...a, n]` and `[batch, n, ...b]` with `axes: [2, 1]` give
 * `[batch, ...a, ...b]`; two vectors give `[batch, 1]`. `dot([a, b], { axes: 1 })` applies it at once.
 *
 * Throws `GS_LAYER_SHAPE` where the axes have different sizes.
 */
export const dot: Merging<DotOptions> = mergingOf((options) => {
  const where = 'layers/dot';
  const common = checkLayerOptions(where, options, ['axes', 'normalize']);
  const axes = checkAxes(where, options.axes);
  const normalize = checkBoolean(where, 'normalize', options.normalize ?? false);
  return {
    type: 'Dot',
    ...common,
    inputCount: [2, 2],
    build([a, b], path): LayerBuild {
      const [i, j] = positions(path, [a!, b!], axes);
      const outputShape = [a![0] ?? b![0] ?? null, ...without(a!, i), ...without(b!, j)];
      return { outputShape: outputShape.length === 1 ? [...outputShape, 1] : outputShape, weights: [] };
    },
    call(_, [a, b]): Tensor {
      const [i, j] = positions('dot', [a!.shape, b!.shape], axes);
      const [x, y] = [rows(a!, i, normalize), rows(b!, j, normalize)];
      const [batch = 1] = a!.shape;
      const rest = [...without(a!.shape, i), ...without(b!.shape, j)];
      return reshape(matMul(x, y, false, true), [batch, ...(rest.length === 0 ? [1] : rest)]);
    },
    toConfig: () => layerConfig('Dot', common, { axes: typeof axes === 'number' ? axes : [...axes], normalize }),
  };
});

function checkAxes(where: string, axes: unknown): number | readonly [number, number] {
  const whole = (axis: unknown): boolean => Number.isSafeInteger(axis) && axis !== 0;
  if (whole(axes) || (Array.isArray(axes) && axes.length === 2 && axes.every(whole)))
    return axes as number | readonly [number, number];
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "axes" has a value that cannot be used',
    expected: 'a whole number other than 0, or two of them',
    received: describeValue(axes),
    next: 'Say which dimension of each input is summed over, for example { axes: -1 }.',
  });
}

function positions(
  path: string,
  [a, b]: readonly [Shape, Shape],
  axes: number | readonly [number, number],
): readonly [number, number] {
  const [first, second] = typeof axes === 'number' ? [axes, axes] : axes;
  const i = first < 0 ? a.length + first : first;
  const j = second < 0 ? b.length + second : second;
  const sound = i > 0 && j > 0 && i < a.length && j < b.length && (a[i] === b[j] || a[i] === null || b[j] === null);
  if (sound) return [i, j];
  throw shapeError(
    'dot',
    path,
    `Axis ${first} of the first input and axis ${second} of the second do not fit`,
    'axes that both inputs have, of one size, not the batch',
    `${describeShape(a)} and ${describeShape(b)}`,
    'Choose other axes, or bring the inputs to one size there.',
  );
}

const without = <T>(shape: readonly T[], axis: number): T[] => shape.filter((_, index) => index > 0 && index !== axis);

/** The input as vectors: `[batch, vectors, n]`. */
function rows(x: Tensor, axis: number, normalize: boolean): Tensor {
  const others = x.shape.map((_, index) => index).filter((index) => index !== axis);
  const last = transpose(x, [...others, axis]);
  const [batch = 1] = x.shape;
  const size = x.shape[axis]!;
  const vectors = reshape(last, [batch, x.size / Math.max(1, batch * size), size]);
  if (!normalize) return vectors;
  return div(vectors, sqrt(maximum(sum(square(vectors), -1, true), 1e-12)));
}
