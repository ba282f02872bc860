import { describeShape, GradstreamError, type Shape } from '@gradstream/core';
import { shapeWithLast } from './classes-last.js';

/** Activations after which an output is no probability: it can be negative, above 1, or all zeros in a row. */
const notProbabilities = new Set([
  'linear',
  'relu',
  'relu6',
  'leakyRelu',
  'elu',
  'selu',
  'celu',
  'gelu',
  'silu',
  'hardSilu',
  'mish',
  'tanh',
  'hardTanh',
  'tanhShrink',
  'softsign',
  'softShrink',
  'hardShrink',
  'threshold',
  'logSigmoid',
  'logSoftmax',
]);

/** Activations that make probabilities, which a loss from logits would turn into probabilities a second time. */
const probabilities = new Set(['softmax', 'sigmoid', 'hardSigmoid', 'sparseSigmoid', 'sparsemax']);

/** Throws `GS_LOSS_OUTPUT` for an output that holds no scores of at least two classes along the axis. */
export function checkClassOutput(
  where: string,
  outputShape: Shape,
  activation: string | undefined,
  fromLogits: boolean | undefined,
  axis = -1,
): void {
  if (outputShape.length < 2 || shapeWithLast(where, axis, outputShape).at(-1) === 1) {
    throw new GradstreamError('GS_LOSS_OUTPUT', {
      where,
      what: 'The output has no axis of classes',
      expected: 'an output [batch, ..., classes] with at least 2 classes',
      received: describeShape(outputShape),
      next: 'Give the last layer one unit for each class, or use binaryCrossentropy for a single yes or no.',
    });
  }
  checkActivation(where, activation, fromLogits, 'softmax');
}

/** Throws `GS_LOSS_OUTPUT` for a softmax over a single unit. */
export function checkSigmoidOutput(where: string, outputShape: Shape, activation: string | undefined): void {
  if (activation !== 'softmax' || outputShape.at(-1) !== 1) return;
  throw new GradstreamError('GS_LOSS_OUTPUT', {
    where,
    what: 'A softmax over one unit is always 1, so there is nothing to train',
    expected: 'an output with the activation sigmoid',
    received: 'the activation softmax on an output of width 1',
    next: 'Give the last layer the activation sigmoid.',
  });
}

/** Throws `GS_LOSS_OUTPUT` for an output whose activation goes below 0. */
export function checkPositiveOutput(where: string, activation: string | undefined): void {
  if (activation === undefined || activation.startsWith('relu') || !notProbabilities.has(activation)) return;
  throw new GradstreamError('GS_LOSS_OUTPUT', {
    where,
    what: 'The loss takes the logarithm of the output, and the last layer can make negative numbers',
    expected: 'an output with the activation softplus or exponential',
    received: `the activation ${activation}`,
    next: 'Give the last layer the activation softplus.',
  });
}

/** Throws `GS_LOSS_OUTPUT` for an output whose activation does not go with the loss; without `fromLogits` the loss has no such option. */
export function checkActivation(
  where: string,
  activation: string | undefined,
  fromLogits: boolean | undefined,
  fitting: string,
): void {
  if (activation === undefined) return;
  if (fromLogits === true && probabilities.has(activation)) {
    throw new GradstreamError('GS_LOSS_OUTPUT', {
      where,
      what: 'The loss is told that it gets logits, but the last layer already makes probabilities',
      expected: 'an output without activation',
      received: `the activation ${activation}`,
      next: `Take the activation ${activation} off the last layer, or leave fromLogits out.`,
    });
  }
  if (fromLogits !== true && notProbabilities.has(activation)) {
    throw new GradstreamError('GS_LOSS_OUTPUT', {
      where,
      what: 'The loss needs probabilities, and the last layer does not make any',
      expected: `an output with the activation ${fitting}`,
      received: `the activation ${activation}`,
      next: `Give the last layer the activation ${fitting}${fromLogits === undefined ? '' : ', or the loss { fromLogits: true }'}.`,
    });
  }
}
