import type { Logs, Statistics, TrainingCommand } from '@gradstream/core';
import { measureOf, type ClippingMeasure, type ClippingRecord } from './clipping-record.js';
import { numberText } from './number-text.js';
import { median } from './quantile.js';
import { shareText } from './share-text.js';

/** Above this share of clipped steps, clipping is a lower learning rate in disguise. */
const NEARLY_ALL = 0.9;
const LIMITED: Readonly<Record<ClippingMeasure, string>> = {
  value: 'the largest value',
  norm: 'the largest norm of a weight’s gradient',
  globalNorm: 'the norm of all gradients',
};

/** What clipping did to the observed steps of an epoch, and the limit that would fit. */
export function clippingReport(
  by: ClippingMeasure,
  records: readonly ClippingRecord[],
  threshold: number | null,
  suggested: number,
): TrainingCommand {
  const all = (pick: (record: ClippingRecord) => number): readonly number[] => records.map(pick);
  const before = median(all((record) => measureOf('globalNorm', record.before)));
  const after = median(all((record) => measureOf('globalNorm', record.after)));
  const clipped = all((record) => (wasClipped(by, record) ? 1 : 0)).reduce((sum, one) => sum + one, 0) / records.length;
  const often = clipped > NEARLY_ALL;
  const did =
    threshold === null
      ? `Nothing is clipped; the norm of all gradients is ${numberText(before)} (median of ${records.length} observed steps)`
      : `${shareText(clipped)} of ${records.length} observed steps were clipped to ${numberText(threshold)} by ${LIMITED[by]}: the norm of all gradients was ${numberText(before)} before and ${numberText(after)} after (medians)`;
  const evidence: Logs = {
    normBefore: before,
    normAfter: after,
    clippedShare: clipped,
    observedSteps: records.length,
    ...(threshold === null ? {} : { threshold }),
    ...(Number.isFinite(suggested) ? { suggestedThreshold: suggested } : {}),
    ...byWeight('before', records),
    ...byWeight('after', records),
  };
  const fitting = `A limit of ${numberText(suggested)} by ${LIMITED[by]} would leave most steps as they are and cut the outliers.`;
  return {
    type: 'report',
    diagnosis: {
      name: 'gradientClipping',
      severity: often ? 'warning' : 'info',
      message: did,
      evidence,
      remedy: often
        ? `Nearly every step is clipped, which is a lower learning rate in disguise: set it lower, or raise the limit. ${fitting}`
        : fitting,
    },
  };
}

/** Something became smaller, beyond rounding. */
function wasClipped(by: ClippingMeasure, { before, after }: ClippingRecord): boolean {
  return Object.keys(before).some((path) => {
    const [was, is] = [{ [path]: before[path]! }, { [path]: after[path] ?? before[path]! }];
    return measureOf(by, is) < measureOf(by, was) * (1 - 1e-5);
  });
}

function byWeight(side: 'before' | 'after', records: readonly ClippingRecord[]): Logs {
  const paths = Object.keys(records[0]!.before);
  const normOf = (tensors: Statistics['tensors'], path: string): number => tensors[path]?.norm ?? Number.NaN;
  return Object.fromEntries(
    paths.map((path) => [`${side} ${path}`, median(records.map((record) => normOf(record[side], path)))] as const),
  );
}
