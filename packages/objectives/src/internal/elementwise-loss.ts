import { type HostArray } from '@gradstream/core';
import { expandDims, mean, mul, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Loss } from '../losses/loss-contract.js';
import { alignElementwise, fitsElementwise, shapeError } from './align-targets.js';
import { checkFinite } from './check-values.js';
import { filled } from './filled.js';
import { resolveAxis } from './resolve-axis.js';
import { withGradient } from './with-gradient.js';

/** The loss of each element before the mean, and how it changes with the prediction. */
export interface ElementwiseTerms {
  readonly value: Tensor;
  /** What the slope is computed from. */
  readonly saved: readonly Tensor[];
  /** The derivative of `value` by the prediction, divided by `factor`. */
  readonly slope: (saved: readonly Tensor[]) => Tensor;
  /** A constant of the slope, which is multiplied into the smaller tensor. Default 1. */
  readonly factor?: number;
}

/** A loss that is a mean of one term an element. */
export interface ElementwiseLoss {
  readonly where: string;
  /** What the mean is taken over. Default -1. */
  readonly axis?: number;
  /** From predictions and targets of one shape. */
  readonly terms: (yPred: Tensor, yTrue: Tensor) => ElementwiseTerms;
  /** Checks what targets mean; their shape and that they are finite is checked before. */
  readonly checkTargets?: (targets: HostArray) => void;
}

/** The computing half of a loss that is a mean over an axis: the targets have the output's shape, and nothing is broadcast. */
export function elementwiseLoss({
  where,
  axis = -1,
  terms,
  checkTargets,
}: ElementwiseLoss): Pick<Loss, 'targetDtype' | 'call' | 'check'> {
  return {
    targetDtype: 'float32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const targets = alignElementwise('GS_LOSS_SHAPE', where, yTrue, yPred);
        const over = resolveAxis('GS_LOSS_SHAPE', where, axis, yPred.shape);
        return withGradient(yPred, (p) => {
          const { value, saved, slope, factor = 1 } = terms(p, targets);
          return {
            value: mean(value, over),
            saved,
            gradient: (dy, kept) => mul(slope(kept), expandDims(mul(dy, filled(factor / yPred.shape[over]!)), over)),
          };
        });
      }),
    check: (targets, outputShape) => {
      if (!fitsElementwise(targets.shape, outputShape))
        throw shapeError('GS_LOSS_SHAPE', where, targets.shape, outputShape);
      resolveAxis('GS_LOSS_SHAPE', where, axis, outputShape);
      checkFinite(where, targets);
      checkTargets?.(targets);
    },
  };
}
