import { add, cast, div, equal, expandDims, max, mul, relu, step, sub, sum, tidy } from '@tensorflow/tfjs-core';
import { alignElementwise } from '../internal/align-targets.js';
import { checkOneHotShape } from '../internal/check-distributions.js';
import { checkClassOutput } from '../internal/check-output.js';
import { checkOneYesByRow } from '../internal/hinge-labels.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { filled } from '../internal/filled.js';
import { withGradient } from '../internal/with-gradient.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/**
 * How far the score of the right class is from leading the best other score by 1: `max(max((1 - y) p) - sum(y p) + 1, 0)` over the last
 * axis.
 *
 * Targets are one-hot rows [..., classes], of 0 and 1 or of -1 and 1, computed as they are, as in Keras. Equal best scores share the
 * gradient. `check` refuses rows without a 1, which is what one-hot encoding makes of a label outside the classes.
 */
export function categoricalHinge(options: LossOptions = {}): Loss {
  const where = 'objectives/categoricalHinge';
  checkLossOptions(where, options);
  return {
    ...describeLoss('CategoricalHinge', where, options),
    targetDtype: 'float32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const targets = alignElementwise('GS_LOSS_SHAPE', where, yTrue, yPred);
        return withGradient(yPred, (p) => {
          const others = sub(filled(1), targets);
          const scores = mul(others, p);
          const best = max(scores, -1, true);
          const short = add(sub(best, sum(mul(targets, p), -1, true)), filled(1));
          return {
            value: relu(sum(short, -1)),
            saved: [targets, others, cast(equal(scores, best), 'float32'), short],
            gradient: (dy, [t, o, isBest, s]) => {
              const leading = div(mul(o!, isBest!), sum(isBest!, -1, true));
              return mul(sub(leading, t!), mul(step(s!), expandDims(dy, -1)));
            },
          };
        });
      }),
    check: (targets, outputShape) => {
      checkOneHotShape(where, targets.shape, outputShape);
      checkOneYesByRow(where, targets);
    },
    checkOutput: (outputShape) => checkClassOutput(where, outputShape, undefined, undefined),
  };
}
