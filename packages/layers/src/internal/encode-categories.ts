import { checkChoice, describeValue, GradstreamError, type Shape } from '@gradstream/core';
import { cast, equal, expandDims, max, mul, range, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { LayerBuild } from '../layer.js';
import { shapeError } from './shape-error.js';

/** How numbers of categories are written. */
export type CategoryMode = 'int' | 'oneHot' | 'multiHot' | 'count';

/** The ways that are told by name. */
export const CATEGORY_MODES: readonly CategoryMode[] = ['int', 'oneHot', 'multiHot', 'count'];

/** The option `outputMode`. */
export function checkMode<Mode extends string>(where: string, value: unknown, modes: readonly Mode[]): Mode {
  return checkChoice(where, 'outputMode', value, modes);
}

/** Throws `GS_OPTION_VALUE` for `sparse: true`: there are no sparse tensors. */
export function checkDense(where: string, value: unknown): false {
  if (value === undefined || value === false) return false;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'There are no sparse tensors here',
    expected: 'sparse: false',
    received: describeValue(value),
    next: 'Leave "sparse" out.',
  });
}

/** The output of `depth` categories for inputs `[batch, ...]` of their numbers. `int` keeps the shape. */
export function encodedBuild(name: string, path: string, shape: Shape, mode: CategoryMode, depth: number): LayerBuild {
  if (mode === 'int') return { outputShape: shape, outputDtype: 'int32', weights: [] };
  if (shape.length === 0)
    throw shapeError(name, path, 'The input has no batch', '[batch, ...]', shape, 'Give it at least one dimension.');
  const { length } = shape;
  const whole = length === 1 || (mode === 'oneHot' && shape[length - 1] !== 1);
  return { outputShape: [...(whole ? shape : shape.slice(0, -1)), depth], weights: [] };
}

/**
 * Writes numbers of categories: a one at each number (`oneHot`; a last dimension of 1 goes away), over all numbers of the last dimension (`multiHot`), or how often
 * each is among them (`count`), by weights where there are some. Numbers outside 0 to depth - 1 are nowhere.
 */
export function encodeCategories(numbers: Tensor, mode: CategoryMode, depth: number, weights?: Tensor): Tensor {
  const whole = cast(numbers, 'int32');
  if (mode === 'int') return whole;
  const ones = cast(equal(expandDims(whole, -1), range(0, depth, 1, 'int32')), 'float32');
  const { rank } = whole;
  if (mode === 'oneHot') return rank > 1 && whole.shape[rank - 1] === 1 ? sum(ones, -2) : ones;
  const counted = weights === undefined ? ones : mul(ones, expandDims(weights, -1));
  if (rank === 1) return counted;
  return mode === 'multiHot' ? max(counted, -2) : sum(counted, -2);
}
