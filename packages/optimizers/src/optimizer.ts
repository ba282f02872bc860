import { describeValue, GradstreamError, lookup } from '@gradstream/core';
import { adam } from './adam.js';
import { adamW } from './adam-w.js';
import type { GradientTransformation } from './gradient-transformation.js';
import { rmsprop } from './rmsprop.js';
import { sgd } from './sgd.js';

const optimizers: Readonly<Record<string, () => GradientTransformation>> = { sgd, rmsprop, adam, adamW, adamw: adamW };

/**
 * The optimizer of a name, with default options: `sgd`, `rmsprop`, `adam`, `adamW` (or `adamw`). A transformation is given back as it is.
 *
 * Throws `GS_OPTIMIZER_UNKNOWN` for anything else.
 */
export function optimizer(nameOrTransformation: string | GradientTransformation): GradientTransformation {
  const where = 'optimizers/optimizer';
  if (typeof nameOrTransformation === 'string') {
    return lookup(optimizers, nameOrTransformation, { code: 'GS_OPTIMIZER_UNKNOWN', where, kind: 'optimizer' })();
  }
  const candidate = nameOrTransformation as Partial<GradientTransformation> | null | undefined;
  if (typeof candidate?.init === 'function' && typeof candidate.update === 'function') return nameOrTransformation;
  throw new GradstreamError('GS_OPTIMIZER_UNKNOWN', {
    where,
    what: 'This is no optimizer',
    expected: 'a name such as "adam", or an object with init(params) and update(gradients, state, params)',
    received: describeValue(nameOrTransformation),
    next:
      typeof nameOrTransformation === 'function'
        ? 'Call it: adam() gives the optimizer, adam is the function that makes it.'
        : 'Pass for example adam({ learningRate: 0.001 }).',
  });
}
