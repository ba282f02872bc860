import { checkBoolean, checkNumber } from '@gradstream/core';
import { add, div, log, mul, neg, pow, sigmoid, sub, type Tensor } from '@tensorflow/tfjs-core';
import { checkActivation, checkSigmoidOutput } from '../internal/check-output.js';
import { checkProbabilities } from '../internal/check-values.js';
import { clipProbability, unclipped } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { elementwiseLoss } from '../internal/elementwise-loss.js';
import { filled } from '../internal/filled.js';
import { powerSlope } from '../internal/power-slope.js';
import { smoothLabels } from '../internal/smooth-labels.js';
import type { BinaryCrossentropyOptions } from './binary-crossentropy.js';
import type { Loss } from './loss-contract.js';

/** Options of `binaryFocalCrossentropy`. */
export interface BinaryFocalCrossentropyOptions extends BinaryCrossentropyOptions {
  /** Weigh yes with `alpha` and no with `1 - alpha`. Default false. */
  readonly applyClassBalancing?: boolean;
  /** The weight of yes, in [0, 1]. Default 0.25. */
  readonly alpha?: number;
  /** How much less examples count that are already right, from 0 on. Default 2. */
  readonly gamma?: number;
}

/**
 * Binary cross-entropy in which examples count less the better they are predicted: `w (1 - q)^gamma * crossentropy`, the mean over an axis,
 * where q is the probability given to the truth, `y p + (1 - y)(1 - p)`, and w is 1 or, with class balancing, `y alpha + (1 - y)(1 -
 * alpha)`.
 *
 * Targets are from 0 to 1 and have the output's shape; [batch] goes with [batch, 1]. The cross-entropy's probabilities are clipped to
 * [1e-7, 1 - 1e-7], also those from logits, as in Keras: logits far on the wrong side have no gradient. Source: Lin et al., 2018.
 */
export function binaryFocalCrossentropy(options: BinaryFocalCrossentropyOptions = {}): Loss {
  const where = 'objectives/binaryFocalCrossentropy';
  checkLossOptions(where, options, ['applyClassBalancing', 'alpha', 'gamma', 'fromLogits', 'labelSmoothing', 'axis']);
  const applyClassBalancing = checkBoolean(where, 'applyClassBalancing', options.applyClassBalancing ?? false);
  const alpha = checkNumber(where, 'alpha', options.alpha ?? 0.25, { min: 0, max: 1 });
  const gamma = checkNumber(where, 'gamma', options.gamma ?? 2, { min: 0 });
  const fromLogits = checkBoolean(where, 'fromLogits', options.fromLogits ?? false);
  const labelSmoothing = checkNumber(where, 'labelSmoothing', options.labelSmoothing ?? 0, { min: 0, max: 1 });
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });

  const balanced = (y: Tensor, term: Tensor): Tensor =>
    applyClassBalancing ? mul(term, add(mul(y, filled(2 * alpha - 1)), filled(1 - alpha))) : term;
  return {
    ...describeLoss('BinaryFocalCrossentropy', where, options, {
      fromLogits,
      labelSmoothing,
      axis,
      applyClassBalancing,
      alpha,
      gamma,
    }),
    ...elementwiseLoss({
      where,
      axis,
      terms: (input, targets) => {
        const y = smoothLabels(targets, labelSmoothing, 2);
        const no = sub(filled(1), y);
        const p = fromLogits ? sigmoid(input) : input;
        // 1 - p without cancellation.
        const rest = fromLogits ? sigmoid(neg(input)) : sub(filled(1), input);
        const [clipped, clippedRest] = [clipProbability(p), clipProbability(rest)];
        const crossentropy = neg(add(mul(y, log(clipped)), mul(no, log(clippedRest))));
        // 1 - q, how wrong the prediction is.
        const wrong = add(mul(y, rest), mul(no, p));
        return {
          value: balanced(y, mul(pow(wrong, filled(gamma)), crossentropy)),
          saved: [y, p, rest, clipped, clippedRest, crossentropy, wrong],
          slope: ([t, q, r, c, d, e, w]) => {
            const steepness = mul(div(sub(c!, t!), mul(c!, d!)), unclipped(q!, c!));
            const focus = mul(mul(powerSlope(w!, gamma), sub(filled(1), mul(t!, filled(2)))), e!);
            const byProbability = balanced(t!, add(mul(pow(w!, filled(gamma)), steepness), focus));
            return fromLogits ? mul(byProbability, mul(q!, r!)) : byProbability;
          },
        };
      },
      checkTargets: (targets) =>
        checkProbabilities(
          where,
          targets,
          'Encode no as 0 and yes as 1; for class indices use one unit for each class.',
        ),
    }),
    checkOutput: (outputShape, activation) => {
      checkSigmoidOutput(where, outputShape, activation);
      checkActivation(where, activation, fromLogits, 'sigmoid');
    },
  };
}
