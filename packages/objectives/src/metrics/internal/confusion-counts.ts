import { describeShape, GradstreamError } from '@gradstream/core';
import {
  add,
  argMax,
  cast,
  greaterEqual,
  less,
  logicalAnd,
  mul,
  notEqual,
  reshape,
  scatterND,
  where as select,
  zerosLike,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { filled } from '../../internal/filled.js';
import { alignWeights } from './align-weights.js';
import { checkAxis } from './check-axis.js';

/** How targets and predictions are read as classes. */
export interface ClassReading {
  readonly numClasses: number;
  readonly ignoreClass: number | null;
  /** Whether they are class indices; else scores along `axis`, of which the largest counts. */
  readonly sparseYTrue: boolean;
  readonly sparseYPred: boolean;
  readonly axis: number;
}

/**
 * The weights of pairs of classes, [classes, classes]: rows are targets, columns predictions, float32. Pairs with a class outside, or with the target
 * to ignore, count nothing.
 */
export function confusionCounts(
  where: string,
  { numClasses, ignoreClass, sparseYTrue, sparseYPred, axis }: ClassReading,
  yTrue: Tensor,
  yPred: Tensor,
  sampleWeight: Tensor | undefined,
): Tensor2D {
  const indices = (x: Tensor, sparse: boolean): Tensor => {
    if (!sparse) return argMax(x, checkAxis(where, axis, x.rank));
    return x.dtype === 'int32' ? x : cast(x, 'int32');
  };
  let targets = indices(yTrue, sparseYTrue);
  let predictions = indices(yPred, sparseYPred);
  // An axis of one more, as a column of labels has, says nothing.
  if (targets.rank === predictions.rank + 1 && targets.shape.at(-1) === 1)
    targets = reshape(targets, targets.shape.slice(0, -1));
  if (predictions.rank === targets.rank + 1 && predictions.shape.at(-1) === 1)
    predictions = reshape(predictions, predictions.shape.slice(0, -1));
  if (targets.rank !== predictions.rank || targets.shape.some((size, index) => size !== predictions.shape[index]))
    throw classesError(where, targets.shape, predictions.shape);
  const inside = logicalAnd(isClass(targets, numClasses), isClass(predictions, numClasses));
  const counted = ignoreClass === null ? inside : logicalAnd(inside, notEqual(targets, filled(ignoreClass, 'int32')));
  const weights = sampleWeight === undefined ? undefined : alignWeights(where, sampleWeight, targets.shape);
  const unit = cast(counted, 'float32');
  const values = weights === undefined ? unit : mul(unit, weights);
  const cells = add(mul(targets, filled(numClasses, 'int32')), predictions);
  const safe = select(counted, cells, zerosLike(cells));
  return reshape(scatterND(reshape(safe, [-1, 1]), reshape(values, [-1]), [numClasses * numClasses]), [
    numClasses,
    numClasses,
  ]) as Tensor2D;
}

function isClass(indices: Tensor, numClasses: number): Tensor {
  return logicalAnd(greaterEqual(indices, filled(0, 'int32')), less(indices, filled(numClasses, 'int32')));
}

function classesError(where: string, targets: readonly number[], predictions: readonly number[]): GradstreamError {
  return new GradstreamError('GS_METRIC_SHAPE', {
    where,
    what: 'There is not one predicted class for each target class',
    expected: describeShape(targets),
    received: describeShape(predictions),
    next: 'Say with sparseYTrue and sparseYPred which of both are class indices and which are scores.',
  });
}
