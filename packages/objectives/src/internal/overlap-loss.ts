import { checkNumber, describeValue, GradstreamError, type Shape } from '@gradstream/core';
import { add, div, mul, neg, reshape, square, sub, sum, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Loss } from '../losses/loss-contract.js';
import { alignElementwise, fitsElementwise, shapeError } from './align-targets.js';
import { checkActivation } from './check-output.js';
import { checkFinite, checkProbabilities } from './check-values.js';
import { filled } from './filled.js';
import { resolveAxis } from './resolve-axis.js';
import { withGradient } from './with-gradient.js';

/** One axis, several, or null for all of them with the batch. */
export type OverlapAxes = number | readonly number[] | null;

/** What an overlap is divided by beside itself: missed targets, false predictions, and a small number. */
export interface OverlapWeights {
  readonly missed: number;
  readonly extra: number;
  readonly smallest: number;
}

/** Returns the option `axis` of an overlap, or throws `GS_OPTION_VALUE`. */
export function checkOverlapAxes(where: string, value: unknown): OverlapAxes {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return checkNumber(where, 'axis', value, { integer: true });
  if (Array.isArray(value) && value.length > 0) {
    const axes = value.map((axis) => checkNumber(where, 'axis', axis, { integer: true }));
    if (new Set(axes).size === axes.length) return axes;
  }
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "axis" has a value that cannot be used',
    expected: 'an axis, a list of different axes, or null for all',
    received: describeValue(value),
    next: 'Give "axis" such a value, or leave it out.',
  });
}

/**
 * The computing half of a loss that is 1 minus an overlap, `o / (o + missed (sum(y) - o) + extra (sum(p) - o) + smallest)` with `o = sum(y
 * p)`, all sums over the axes. The gradient is `y a + b` with an a and a b for each overlap.
 */
export function overlapLoss(
  where: string,
  axes: OverlapAxes,
  { missed, extra, smallest }: OverlapWeights,
): Pick<Loss, 'targetDtype' | 'call' | 'check' | 'checkOutput'> {
  const resolved = (shape: Shape): number[] => {
    if (axes === null) return shape.map((_, index) => index);
    return [axes].flat().map((axis) => resolveAxis('GS_LOSS_SHAPE', where, axis, shape));
  };
  const kept = 1 - missed - extra;
  return {
    targetDtype: 'float32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const targets = alignElementwise('GS_LOSS_SHAPE', where, yTrue, yPred);
        const over = resolved(yPred.shape);
        return withGradient(yPred, (p) => {
          const overlap = sum(mul(targets, p), over);
          const union = add(
            add(mul(overlap, filled(kept)), mul(sum(targets, over), filled(missed))),
            add(mul(sum(p, over), filled(extra)), filled(smallest)),
          );
          return {
            value: sub(filled(1), div(overlap, union)),
            saved: [targets, overlap, union],
            gradient: (dy, [t, o, u]) => {
              const spread = (x: Tensor): Tensor =>
                reshape(
                  x,
                  t!.shape.map((size, axis) => (over.includes(axis) ? 1 : size)),
                );
              const shrink = div(mul(dy, o!), square(u!));
              const byTarget = add(neg(div(dy, u!)), mul(shrink, filled(kept)));
              // Broadcast against the targets, which have the prediction's shape.
              return add(mul(t!, spread(byTarget)), spread(mul(shrink, filled(extra))));
            },
          };
        });
      }),
    check: (targets, outputShape) => {
      if (!fitsElementwise(targets.shape, outputShape))
        throw shapeError('GS_LOSS_SHAPE', where, targets.shape, outputShape);
      resolved(outputShape);
      checkFinite(where, targets);
      checkProbabilities(where, targets, 'Give a mask of 0 and 1, one channel for each class.');
    },
    checkOutput: (_, activation) => checkActivation(where, activation, undefined, 'sigmoid or softmax'),
  };
}
