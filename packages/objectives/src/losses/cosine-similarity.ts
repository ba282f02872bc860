import { checkNumber, describeShape, GradstreamError } from '@gradstream/core';
import {
  cast,
  expandDims,
  less,
  minimum,
  mul,
  neg,
  rsqrt,
  square,
  sub,
  sum,
  tidy,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { alignElementwise, fitsElementwise, shapeError } from '../internal/align-targets.js';
import { checkFinite } from '../internal/check-values.js';
import { epsilon } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { filled } from '../internal/filled.js';
import { resolveAxis } from '../internal/resolve-axis.js';
import { withGradient } from '../internal/with-gradient.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/** Options of `cosineSimilarity`. */
export interface CosineSimilarityOptions extends LossOptions {
  /** The axis of the vectors. Default -1. */
  readonly axis?: number;
}

/**
 * The negative cosine of the angle between target and prediction, -1 where they point the same way: `-sum(y p) / (|y| |p|)` along an axis.
 *
 * Lengths count as at least 1e-7, as in Keras, so a vector of zeros has the loss 0. Targets have the output's shape. Keras leaves `axis`
 * out of its config; here it is in. Keras' gradient at a prediction of zeros is NaN; here it is that of the formula with the length 1e-7.
 */
export function cosineSimilarity(options: CosineSimilarityOptions = {}): Loss {
  const where = 'objectives/cosineSimilarity';
  checkLossOptions(where, options, ['axis']);
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });
  return {
    ...describeLoss('CosineSimilarity', where, options, { axis }),
    targetDtype: 'float32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const over = resolveAxis('GS_LOSS_SHAPE', where, axis, yPred.shape);
        const y = alignElementwise('GS_LOSS_SHAPE', where, yTrue, yPred);
        const direction = mul(y, inverseLength(y, over));
        return withGradient(yPred, (p) => {
          const inverse = inverseLength(p, over);
          const unit = mul(p, inverse);
          const cosine = sum(mul(direction, unit), over, true);
          return {
            value: neg(sum(mul(direction, unit), over)),
            saved: [direction, inverse, unit, cosine],
            gradient: (dy, [d, i, u, c]) => {
              // Where the length counts as 1e-7 it does not change with the prediction.
              const turning = mul(c!, cast(less(i!, filled(1 / epsilon)), 'float32'));
              return mul(sub(mul(u!, turning), d!), mul(i!, expandDims(dy, over)));
            },
          };
        });
      }),
    check: (targets, outputShape) => {
      if (!fitsElementwise(targets.shape, outputShape))
        throw shapeError('GS_LOSS_SHAPE', where, targets.shape, outputShape);
      checkFinite(where, targets);
    },
    checkOutput: (outputShape) => {
      if (outputShape[resolveAxis('GS_LOSS_OUTPUT', where, axis, outputShape)] !== 1) return;
      throw new GradstreamError('GS_LOSS_OUTPUT', {
        where,
        what: 'A vector of one number has no direction but its sign, so there is nothing to train',
        expected: `an output with more than one number along axis ${axis}`,
        received: describeShape(outputShape),
        next: 'Give the last layer more units, or use meanSquaredError.',
      });
    },
  };
}

function inverseLength(x: Tensor, axis: number): Tensor {
  return minimum(rsqrt(sum(square(x), axis, true)), filled(1 / epsilon));
}
