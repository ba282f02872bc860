import { checkBoolean, checkNumber } from '@gradstream/core';
import {
  div,
  expandDims,
  log,
  mul,
  neg,
  pow,
  softmax,
  sub,
  sum,
  tensor1d,
  tidy,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { alignElementwise } from '../internal/align-targets.js';
import { checkDistributions } from '../internal/check-distributions.js';
import { checkClassOutput } from '../internal/check-output.js';
import { checkClassWeights, checkWeightCount } from '../internal/class-weights.js';
import { classesLast } from '../internal/classes-last.js';
import { clipProbability, unclipped } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { filled } from '../internal/filled.js';
import { powerSlope } from '../internal/power-slope.js';
import { smoothLabels } from '../internal/smooth-labels.js';
import { withGradient } from '../internal/with-gradient.js';
import type { CategoricalCrossentropyOptions } from './categorical-crossentropy.js';
import type { Loss } from './loss-contract.js';

/** Options of `categoricalFocalCrossentropy`. */
export interface CategoricalFocalCrossentropyOptions extends CategoricalCrossentropyOptions {
  /** The weight of every class, or a list with one a class, from 0 on. Default 0.25. */
  readonly alpha?: number | readonly number[];
  /** How much less examples count that are already right, from 0 on. Default 2. */
  readonly gamma?: number;
}

/**
 * Cross-entropy in which classes count less the better they are predicted: `-sum(alpha y (1 - p)^gamma log(p))` over the axis of the
 * classes.
 *
 * Targets and output are [..., classes]. Probabilities, also those from logits, are divided by their sum and clipped to [1e-7, 1 - 1e-7],
 * as in Keras: logits far on the wrong side have no gradient. Smoothing and `alpha` follow the axis of the classes, in Keras always the
 * last axis. Source: Lin et al., 2018.
 */
export function categoricalFocalCrossentropy(options: CategoricalFocalCrossentropyOptions = {}): Loss {
  const where = 'objectives/categoricalFocalCrossentropy';
  checkLossOptions(where, options, ['alpha', 'gamma', 'fromLogits', 'labelSmoothing', 'axis']);
  const alpha = checkClassWeights(where, 'alpha', options.alpha ?? 0.25);
  const gamma = checkNumber(where, 'gamma', options.gamma ?? 2, { min: 0 });
  const fromLogits = checkBoolean(where, 'fromLogits', options.fromLogits ?? false);
  const labelSmoothing = checkNumber(where, 'labelSmoothing', options.labelSmoothing ?? 0, { min: 0, max: 1 });
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });
  return {
    ...describeLoss('CategoricalFocalCrossentropy', where, options, { fromLogits, labelSmoothing, axis, alpha, gamma }),
    targetDtype: 'float32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const scores = classesLast(where, axis, yPred);
        checkWeightCount(where, 'alpha', alpha, scores.shape);
        const rows = classesLast(where, axis, alignElementwise('GS_LOSS_SHAPE', where, yTrue, yPred));
        const targets = smoothLabels(rows, labelSmoothing, rows.shape.at(-1)!);
        const weights = typeof alpha === 'number' ? filled(alpha) : tensor1d([...alpha], 'float32');
        return focalCrossentropy(mul(targets, weights), scores, gamma, fromLogits);
      }),
    check: (targets, outputShape) => checkDistributions(where, targets, outputShape, axis),
    checkOutput: (outputShape, activation) => checkClassOutput(where, outputShape, activation, fromLogits, axis),
  };
}

function focalCrossentropy(weights: Tensor, scores: Tensor, gamma: number, fromLogits: boolean): Tensor {
  return withGradient(scores, (x) => {
    // A softmax sums to 1 as it is; dividing by the sum again would change nothing but the last digit.
    const total = fromLogits ? filled(1) : sum(x, -1, true);
    const share = fromLogits ? softmax(x) : div(x, total);
    const clipped = clipProbability(share);
    const wrong = sub(filled(1), clipped);
    return {
      value: neg(sum(mul(weights, mul(pow(wrong, filled(gamma)), log(clipped))), -1)),
      saved: [weights, total, share, clipped, wrong],
      gradient: (dy, [w, s, q, c, r]) => {
        const byShare = sub(mul(powerSlope(r!, gamma), log(c!)), div(pow(r!, filled(gamma)), c!));
        const slope = mul(mul(w!, byShare), unclipped(q!, c!));
        const centred = sub(slope, sum(mul(slope, q!), -1, true));
        // Of logits through the softmax, of probabilities through the division by their sum.
        return mul(fromLogits ? mul(centred, q!) : div(centred, s!), expandDims(dy, -1));
      },
    };
  });
}
