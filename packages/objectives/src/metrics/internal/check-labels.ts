import type { HostArray } from '@gradstream/core';
import { checkValues } from '../../internal/check-values.js';

/** Throws `GS_METRIC_LABEL` for a target that is none of the classes, where their number is known, and not the class to ignore. */
export function checkLabels(
  where: string,
  targets: HostArray,
  classes: number | null,
  ignoreClass: number | null = null,
): void {
  const limit = classes ?? Number.POSITIVE_INFINITY;
  const isGood = (label: number): boolean =>
    label === ignoreClass || (Number.isInteger(label) && label >= 0 && label < limit);
  checkValues(targets, isGood, {
    code: 'GS_METRIC_LABEL',
    where,
    what: `A label is none of the ${classes ?? ''} classes`.replace('  ', ' '),
    expected: classes === null ? 'integers from 0' : `integers from 0 to ${classes - 1}`,
    next: 'Count classes from 0, or tell the metric of all classes.',
  });
}
