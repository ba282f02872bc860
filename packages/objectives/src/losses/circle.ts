import { checkBoolean, checkNumber, describeShape, GradstreamError, type Shape } from '@gradstream/core';
import {
  add,
  cast,
  expandDims,
  greater,
  matMul,
  mul,
  relu,
  reshape,
  sigmoid,
  step,
  sub,
  tidy,
  transpose,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { alignLabels, fitsLabels, labelShapeError } from '../internal/align-targets.js';
import { checkValues } from '../internal/check-values.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { filled } from '../internal/filled.js';
import { maskedLogSumExp } from '../internal/masked-log-sum-exp.js';
import { samePairs } from '../internal/same-pairs.js';
import { stableSoftplus } from '../internal/stable-softplus.js';
import { withGradient } from '../internal/with-gradient.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/** Options of `circle`. */
export interface CircleOptions extends LossOptions {
  /** How sharply the hardest pairs are told from the others, above 0. Default 80. */
  readonly gamma?: number;
  /** How much of the distance between pairs is still tolerated, from 0 on. Default 0.4. */
  readonly margin?: number;
  /** Whether a sample is no pair with itself. Default true. */
  readonly removeDiagonal?: boolean;
}

/**
 * Draws embeddings of one label together and those of others apart: labels [batch] or [batch, 1] and embeddings [batch, size] of length 1
 * to one value a sample.
 *
 * With the distances `d = max(1 - p p', 0)` of a sample to the others of the batch: `softplus(P + N)`, where P is the log-sum-exp of `gamma
 * (m + d)(d - m)` over samples of the same label and N that of `gamma max(1 + m - d, 0)(1 - m - d)` over the rest. A sample without one or
 * the other has the loss 0, and samples with the loss 0 are not counted in a mean over the values, as in Keras. Embeddings are not
 * normalized here. Keras' function also takes reference labels and embeddings; its class, as this, does not. Source: Sun et al., 2020.
 */
export function circle(options: CircleOptions = {}): Loss {
  const where = 'objectives/circle';
  checkLossOptions(where, options, ['gamma', 'margin', 'removeDiagonal']);
  const gamma = checkNumber(where, 'gamma', options.gamma ?? 80, { min: 0, exclusive: 'min' });
  const margin = checkNumber(where, 'margin', options.margin ?? 0.4, { min: 0 });
  const removeDiagonal = checkBoolean(where, 'removeDiagonal', options.removeDiagonal ?? true);
  return {
    ...describeLoss('Circle', where, options, { gamma, margin, removeDiagonal }),
    targetDtype: 'int32',
    call: (yTrue, yPred) =>
      tidy(() => {
        if (yPred.rank !== 2) throw notEmbeddings(where, yPred.shape);
        const labels = alignLabels('GS_LOSS_SHAPE', where, yTrue, yPred);
        const { positive, negative } = samePairs(labels, removeDiagonal);
        return withGradient(yPred, (p) => {
          const cosine = matMul(p, p, false, true);
          const d = relu(sub(filled(1), cosine));
          const reach = relu(sub(filled(1 + margin), d));
          const near = maskedLogSumExp(
            mul(mul(add(d, filled(margin)), sub(d, filled(margin))), filled(gamma)),
            positive,
          );
          const far = maskedLogSumExp(mul(mul(reach, sub(filled(1 - margin), d)), filled(gamma)), negative);
          const exponent = add(near.value, far.value);
          return {
            value: reshape(stableSoftplus(exponent), labels.shape),
            saved: [p, cosine, d, reach, near.share, far.share, exponent],
            gradient: (dy, [x, c, distance, r, byNear, byFar, e]) => {
              // d/dd of the terms is 2 gamma d of the near and 2 gamma (d - 1) of the far, while the latter have a weight.
              const slopes = add(mul(byNear!, distance!), mul(mul(byFar!, step(r!)), sub(distance!, filled(1))));
              const rows = mul(expandDims(dy, 1), mul(sigmoid(e!), filled(-2 * gamma)));
              const byCosine = mul(mul(slopes, step(sub(filled(1), c!))), rows);
              return matMul(add(byCosine, transpose(byCosine)), x!);
            },
          };
        });
      }),
    mask: (_, __, values) =>
      withGradient(values, (v) => ({
        value: cast(greater(v, filled(0)), 'float32'),
        saved: [],
        gradient: (dy) => zerosLike(dy),
      })),
    check: (targets, outputShape) => {
      if (outputShape.length !== 2) throw notEmbeddings(where, outputShape);
      if (!fitsLabels(targets.shape, outputShape))
        throw labelShapeError('GS_LOSS_SHAPE', where, targets.shape, outputShape);
      checkValues(targets, Number.isInteger, {
        code: 'GS_LOSS_LABEL',
        where,
        what: 'A label is no integer',
        expected: 'integers',
        next: 'Number the labels; which number stands for which does not matter.',
      });
    },
    checkOutput: (outputShape) => {
      if (outputShape.length !== 2) throw notEmbeddings(where, outputShape);
    },
  };
}

function notEmbeddings(where: string, shape: Shape): GradstreamError {
  return new GradstreamError('GS_LOSS_OUTPUT', {
    where,
    what: 'The output holds no embeddings',
    expected: 'an output [batch, size]',
    received: describeShape(shape),
    next: 'Flatten the output, and normalize each row to the length 1.',
  });
}
