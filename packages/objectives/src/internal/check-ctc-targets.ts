import type { HostArray, Shape } from '@gradstream/core';
import { checkValues, valueError } from './check-values.js';

/** Throws unless each row of targets [batch, length] is a sequence of classes from 1 on with 0 behind it, and short enough for the output's steps. */
export function checkCtcTargets(where: string, targets: HostArray, [, steps, classes]: Shape): void {
  const above = classes ?? Number.POSITIVE_INFINITY;
  checkValues(targets, (label) => Number.isInteger(label) && label >= 0 && label < above, {
    code: 'GS_LOSS_LABEL',
    where,
    what: `A label is none of the ${above} classes`,
    expected: `integers from 1 to ${above - 1}, and 0 as padding`,
    next: 'Count labels from 1, class 0 is the blank, or give the last layer one unit for each class and one more.',
  });
  const [batch, length] = targets.shape as [number, number];
  for (let row = 0; row < batch; row++) {
    const labels = targets.values.subarray(row * length, (row + 1) * length);
    const end = labels.indexOf(0) === -1 ? length : labels.indexOf(0);
    let needed = end;
    for (let i = 1; i < length; i++) {
      if (i < end && labels[i] === labels[i - 1]) needed++;
      if (i > end && labels[i] !== 0) {
        throw valueError(targets.shape, row * length + i, `the label ${labels[i]} after padding`, {
          code: 'GS_LOSS_LABEL',
          where,
          what: 'A sequence has a 0, which is the blank, between its labels',
          expected: 'labels from 1 on, then 0 to the end',
          next: 'Count labels from 1, and pad behind the sequence.',
        });
      }
    }
    if (steps === null || steps === undefined || needed <= steps) continue;
    throw valueError([batch], row, `${needed} steps`, {
      code: 'GS_LOSS_TARGET',
      where,
      what: 'A sequence needs more steps than the output has: one for each label, and one between equal neighbours',
      expected: `sequences for at most ${steps} steps`,
      next: 'Give the output more steps, or leave such sequences out.',
    });
  }
}
