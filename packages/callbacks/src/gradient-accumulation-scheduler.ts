import {
  checkNumber,
  defineCallback,
  describeValue,
  GradstreamError,
  type Callback,
  type TrainingCommand,
} from '@gradstream/core';
import { concatMap, defer } from 'rxjs';

const WHERE = 'callbacks/gradientAccumulationScheduler';

/**
 * Lets the optimizer see the mean of the gradients of several steps, as many as is said for the epoch: `{ 0: 1, 4: 8 }` makes that 8 from epoch 4 (0-based) on.
 *
 * Before the first epoch that is named it is 1. Gradients that are still collected when the number changes make a step at once. Like Lightning's callback of
 * that name. Throws `GS_OPTION_VALUE` for epochs that are no whole numbers from 0 on and for numbers that are no whole numbers from 1 on.
 */
export function gradientAccumulationScheduler(scheduling: Readonly<Record<number, number>>): Callback {
  if (typeof scheduling !== 'object' || scheduling === null || Object.keys(scheduling).length === 0) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: WHERE,
      what: 'It is not said how many steps there are to be in which epoch',
      expected: 'numbers of steps by epoch',
      received: describeValue(scheduling),
      next: 'Pass for example { 0: 1, 4: 8 }.',
    });
  }
  const entries = Object.entries(scheduling).map(([epoch, steps]): [number, number] => [
    checkNumber(WHERE, 'epoch', /^\d+$/.test(epoch) ? Number(epoch) : epoch, { min: 0, integer: true }),
    checkNumber(WHERE, epoch, steps, { min: 1, integer: true }),
  ]);
  const byEpoch = entries.toSorted(([a], [b]) => a - b);
  return defineCallback('gradientAccumulationScheduler', (events$) =>
    defer(() => {
      let now: number | undefined;
      return events$.pipe(
        concatMap((event): TrainingCommand[] => {
          if (event.type !== 'epochBegin') return [];
          const steps = byEpoch.findLast(([first]) => first <= event.epoch)?.[1] ?? 1;
          if (steps === now) return [];
          now = steps;
          return [{ type: 'setGradientAccumulation', steps }];
        }),
      );
    }),
  );
}
