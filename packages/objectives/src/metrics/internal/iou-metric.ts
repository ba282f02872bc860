import { checkBoolean, checkNumber, type Json } from '@gradstream/core';
import {
  add,
  div,
  gather,
  greater,
  reshape,
  sub,
  sum,
  tensor1d,
  tidy,
  where as select,
  zeros,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { epsilon } from '../../internal/clip-probability.js';
import { filled } from '../../internal/filled.js';
import type { Metric } from '../metric-contract.js';
import { checkLabels } from './check-labels.js';
import { checkNumbers } from './check-metric-options.js';
import { addCompensated } from './compensated-sum.js';
import { confusionCounts, type ClassReading } from './confusion-counts.js';

/** Options of how classes are read, as they were given. */
export interface ClassOptions {
  readonly numClasses: number;
  readonly ignoreClass?: number | null;
  readonly sparseYTrue?: boolean;
  readonly sparseYPred?: boolean;
  readonly axis?: number;
}

/** Checks the options of a metric on classes. */
export function checkClassOptions(where: string, options: ClassOptions): ClassReading {
  return {
    numClasses: checkNumber(where, 'numClasses', options.numClasses, { min: 1, max: 32_768, integer: true }),
    ignoreClass:
      options.ignoreClass === undefined || options.ignoreClass === null
        ? null
        : checkNumber(where, 'ignoreClass', options.ignoreClass, { integer: true }),
    sparseYTrue: checkBoolean(where, 'sparseYTrue', options.sparseYTrue ?? true),
    sparseYPred: checkBoolean(where, 'sparseYPred', options.sparseYPred ?? true),
    axis: checkNumber(where, 'axis', options.axis ?? -1, { integer: true }),
  };
}

/** Checks the classes whose mean is taken. */
export function checkTargetClasses(where: string, ids: unknown, numClasses: number): readonly number[] {
  return checkNumbers(where, 'targetClassIds', ids, { min: 0, max: numClasses - 1, integer: true });
}

/** The parts of a metric that sums a confusion matrix: two float32 words a cell. */
export function matrixMetric(
  where: string,
  reading: ClassReading,
  predictions: (yPred: Tensor) => Tensor = (yPred) => yPred,
): Pick<Metric, 'init' | 'update' | 'check'> {
  const shape = [reading.numClasses, reading.numClasses];
  return {
    init: () => [zeros(shape), zeros(shape)],
    update: ([matrix, lack], yTrue, yPred, sampleWeight) =>
      tidy(() =>
        addCompensated([matrix!, lack!], confusionCounts(where, reading, yTrue, predictions(yPred), sampleWeight)),
      ),
    ...(reading.sparseYTrue
      ? { check: (targets) => checkLabels(where, targets, reading.numClasses, reading.ignoreClass) }
      : {}),
  };
}

/** The mean over the given classes of intersection over union, of those that occur. */
export function iouMetric(
  about: { readonly type: string; readonly where: string; readonly name: string },
  reading: ClassReading,
  classes: readonly number[],
  settings: Readonly<Record<string, Json>>,
  predictions?: (yPred: Tensor) => Tensor,
): Metric {
  const { type, where, name } = about;
  return {
    name,
    direction: 'up',
    config: { type, config: { name, ...settings } },
    ...matrixMetric(where, reading, predictions),
    result: ([matrix]) =>
      tidy(() => {
        const ids = tensor1d([...classes], 'int32');
        const diagonal = classes.map((id) => id * (reading.numClasses + 1));
        const intersection = gather(reshape(matrix!, [-1]), tensor1d(diagonal, 'int32'));
        const union = sub(add(gather(sum(matrix!, 0), ids), gather(sum(matrix!, 1), ids)), intersection);
        const occurs = greater(union, filled(1e-9));
        const ious = select(occurs, div(intersection, add(union, filled(epsilon))), zerosLike(union));
        return div(sum(ious), add(sum(occurs), filled(epsilon)));
      }),
  };
}
