import { epsilon } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { checkOverlapAxes, overlapLoss } from '../internal/overlap-loss.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/** Options of `dice`. */
export interface DiceOptions extends LossOptions {
  /** The axes that an overlap is taken over, for example [1, 2, 3] for one an image. Default null: all axes, one overlap for the whole batch. */
  readonly axis?: number | readonly number[] | null;
}

/**
 * 1 minus twice the overlap of mask and prediction by their sum: `1 - 2 sum(y p) / (sum(y) + sum(p) + 1e-7)`, sums over the axes.
 *
 * Masks are from 0 to 1 and have the output's shape. Gives one value for what is left of the shape, by default a single one for the batch,
 * which sample weights then cannot tell apart.
 */
export function dice(options: DiceOptions = {}): Loss {
  const where = 'objectives/dice';
  checkLossOptions(where, options, ['axis']);
  const axis = checkOverlapAxes(where, options.axis);
  return {
    ...describeLoss('Dice', where, options, { axis }),
    ...overlapLoss(where, axis, { missed: 0.5, extra: 0.5, smallest: epsilon / 2 }),
  };
}
