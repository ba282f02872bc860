import { describeValue, GradstreamError, lookup } from '@gradstream/core';
import { binaryCrossentropy } from './binary-crossentropy.js';
import { categoricalCrossentropy } from './categorical-crossentropy.js';
import type { Loss } from './loss-contract.js';
import { lossFromFunction, type LossFunction } from './loss-from-function.js';
import { meanAbsoluteError } from './mean-absolute-error.js';
import { meanSquaredError } from './mean-squared-error.js';
import { sparseCategoricalCrossentropy } from './sparse-categorical-crossentropy.js';

/** The losses that have a name, with default options. */
export const namedLosses: Readonly<Record<string, () => Loss>> = {
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  meanSquaredError,
  meanAbsoluteError,
  mse: meanSquaredError,
  mae: meanAbsoluteError,
};

/**
 * The loss of a name, with default options (`meanSquaredError`, `mean_squared_error`, `mse`); of a plain function `(yTrue, yPred) => Tensor`; or
 * the loss itself, given back as it is.
 *
 * Throws `GS_LOSS_MISSING` for undefined and null (Keras trains without a loss and reports 0), `GS_LOSS_UNKNOWN` for anything else.
 */
export function loss(nameOrLossOrFunction: string | Loss | LossFunction | null | undefined): Loss {
  const where = 'objectives/loss';
  if (nameOrLossOrFunction === undefined || nameOrLossOrFunction === null) {
    throw new GradstreamError('GS_LOSS_MISSING', {
      where,
      what: 'There is no loss, so there is nothing to minimize',
      expected: `one of ${Object.keys(namedLosses).join(', ')}, or a function`,
      received: String(nameOrLossOrFunction),
      next: 'Name a loss: sparseCategoricalCrossentropy for class indices, meanSquaredError for numbers.',
    });
  }
  if (typeof nameOrLossOrFunction === 'string')
    return lookup(namedLosses, nameOrLossOrFunction, { code: 'GS_LOSS_UNKNOWN', where, kind: 'loss' })();
  if (typeof nameOrLossOrFunction === 'function') {
    const factory = Object.values(namedLosses).includes(nameOrLossOrFunction as unknown as () => Loss);
    if (factory)
      throw unknownLoss(where, nameOrLossOrFunction, `Call it: ${nameOrLossOrFunction.name}() gives the loss.`);
    return lossFromFunction(nameOrLossOrFunction);
  }
  const { name, call, check } = nameOrLossOrFunction as Partial<Loss>;
  if (typeof name === 'string' && typeof call === 'function' && typeof check === 'function')
    return nameOrLossOrFunction;
  throw unknownLoss(
    where,
    nameOrLossOrFunction,
    'Pass a name, a function (yTrue, yPred) => Tensor, or an object that fits the interface Loss.',
  );
}

function unknownLoss(where: string, received: unknown, next: string): GradstreamError {
  return new GradstreamError('GS_LOSS_UNKNOWN', {
    where,
    what: 'This is no loss',
    expected: 'a name, a function of targets and predictions, or an object with name, call and check',
    received: describeValue(received),
    next,
  });
}
