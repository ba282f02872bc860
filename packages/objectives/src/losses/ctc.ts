import { describeShape, GradstreamError, type HostArray, type Shape } from '@gradstream/core';
import {
  add,
  cast,
  div,
  exp,
  expandDims,
  log,
  logSoftmax,
  lessEqual,
  matMul,
  max,
  mul,
  neg,
  reshape,
  slice,
  softmax,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import { checkCtcTargets } from '../internal/check-ctc-targets.js';
import { checkActivation } from '../internal/check-output.js';
import { ctcBackward, ctcForward, ctcStates } from '../internal/ctc-lattice.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { filled } from '../internal/filled.js';
import { logOfNothing } from '../internal/masked-log-sum-exp.js';
import { withGradient } from '../internal/with-gradient.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/**
 * Connectionist temporal classification: how improbable logits [batch, steps, classes] make a sequence of labels [batch, length], whatever
 * steps they are said in.
 *
 * Class 0 is the blank, and 0 behind a sequence is its padding: labels are from 1 on. The value is `-log` of the sum of the probabilities
 * of all step-by-step transcripts that give the labels once repetitions are merged and blanks dropped; one value a sequence. Takes logits,
 * all steps of which count.
 *
 * A sequence that needs more steps than there are (its length, and one between equal neighbours) has the loss infinity and no gradient, as
 * in TensorFlow; Keras on JAX gives numbers about 1e5. `check` refuses it. Source: Graves et al., 2006.
 */
export function ctc(options: LossOptions = {}): Loss {
  const where = 'objectives/ctc';
  checkLossOptions(where, options);
  return {
    ...describeLoss('CTC', where, options),
    targetDtype: 'int32',
    call: (yTrue, yPred) =>
      tidy(() => {
        if (yPred.rank !== 3) throw notSequences(where, yPred.shape);
        if (yTrue.rank !== 2 || yTrue.shape[0] !== yPred.shape[0] || yTrue.shape[1] === 0)
          throw notLabels(where, yTrue.shape, yPred.shape);
        const [batch, steps, classes] = yPred.shape as [number, number, number];
        const states = ctcStates(cast(yTrue, 'int32'), classes);
        return withGradient(yPred, (logits) => {
          const logProbabilities = logSoftmax(logits);
          const emissions = matMul(logProbabilities, states.emits, false, true);
          const forward = ctcForward(emissions, states);
          const ends = add(reshape(slice(forward, [0, steps - 1, 0], [batch, 1, -1]), states.end.shape), states.end);
          const best = max(ends, 1, true);
          const total = add(reshape(best, [batch]), log(sum(exp(sub(ends, best)), 1)));
          const impossible = cast(lessEqual(total, filled(logOfNothing / 2)), 'float32');
          return {
            // 0 / 0 would be NaN: 1 / (1 - 1) is infinity, and 1 / 1 - 1 is 0.
            value: add(
              mul(neg(total), sub(filled(1), impossible)),
              sub(div(filled(1), sub(filled(1), impossible)), filled(1)),
            ),
            saved: [logProbabilities, emissions, forward, impossible, states.emits, states.skip, states.end],
            gradient: (dy, [lp, em, fw, never, emits, skip, end]) => {
              // Which state a step is in, given the labels: a distribution at each step.
              const occupied = softmax(add(fw!, ctcBackward(em!, { emits: emits!, skip: skip!, end: end! })), -1);
              const slope = sub(exp(lp!), matMul(occupied, emits!));
              return mul(slope, expandDims(expandDims(mul(dy, sub(filled(1), never!)), -1), -1));
            },
          };
        });
      }),
    check: (targets, outputShape) => {
      if (outputShape.length !== 3) throw notSequences(where, outputShape);
      if (targets.shape.length !== 2 || targets.shape[1] === 0) throw notLabels(where, targets.shape, outputShape);
      checkCtcTargets(where, targets, outputShape);
    },
    checkOutput: (outputShape, activation) => {
      if (outputShape.length !== 3 || outputShape[2] === 1) throw notSequences(where, outputShape);
      checkActivation(where, activation, true, 'linear');
    },
  };
}

function notSequences(where: string, shape: Shape): GradstreamError {
  return new GradstreamError('GS_LOSS_OUTPUT', {
    where,
    what: 'The output holds no sequences of class scores',
    expected: 'an output [batch, steps, classes], the blank among the classes',
    received: describeShape(shape),
    next: 'Give every step one unit for each label and one for the blank.',
  });
}

function notLabels(where: string, labels: HostArray['shape'], output: Shape): GradstreamError {
  return new GradstreamError('GS_LOSS_SHAPE', {
    where,
    what: 'The targets are no sequences of labels',
    expected: `[batch, length] for an output of shape ${describeShape(output)}`,
    received: describeShape(labels),
    next: 'Give one row of labels for each sequence, padded with 0 to one length.',
  });
}
