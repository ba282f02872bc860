import { checkNumber } from '@gradstream/core';
import { epsilon } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { checkOverlapAxes, overlapLoss } from '../internal/overlap-loss.js';
import type { DiceOptions } from './dice.js';
import type { Loss } from './loss-contract.js';

/** Options of `tversky`. */
export interface TverskyOptions extends DiceOptions {
  /** The weight of what the prediction misses of the mask, from 0 on. Default 0.5. */
  readonly alpha?: number;
  /** The weight of what the prediction has beside the mask, from 0 on. Default 0.5. */
  readonly beta?: number;
}

/**
 * 1 minus the overlap of mask and prediction, with weights for the two kinds of mistakes: `1 - o / (o + alpha m + beta e + 1e-7)` with the
 * overlap `o = sum(y p)`, what is missed `m = sum(y (1 - p))` and what is extra `e = sum((1 - y) p)`, sums over the axes.
 *
 * Masks are from 0 to 1 and have the output's shape. Keras' documentation calls alpha the weight of false positives; its formula, as here,
 * gives that of false negatives. Source: Salehi et al., 2017.
 */
export function tversky(options: TverskyOptions = {}): Loss {
  const where = 'objectives/tversky';
  checkLossOptions(where, options, ['alpha', 'beta', 'axis']);
  const alpha = checkNumber(where, 'alpha', options.alpha ?? 0.5, { min: 0 });
  const beta = checkNumber(where, 'beta', options.beta ?? 0.5, { min: 0 });
  const axis = checkOverlapAxes(where, options.axis);
  return {
    ...describeLoss('Tversky', where, options, { alpha, beta, axis }),
    ...overlapLoss(where, axis, { missed: alpha, extra: beta, smallest: epsilon }),
  };
}
