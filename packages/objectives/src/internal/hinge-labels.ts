import { GradstreamError, type HostArray } from '@gradstream/core';
import { add, all, cast, equal, logicalOr, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import { checkValues, valueError } from './check-values.js';
import { filled } from './filled.js';

/** Labels as -1 and 1: those of a batch that holds nothing but 0 and 1 are moved there, others stay as they are. Decided on the device. */
export function signedLabels(labels: Tensor): Tensor {
  const isBinary = all(logicalOr(equal(labels, filled(0)), equal(labels, filled(1))));
  // 2 y - 1 is y + (y - 1).
  return add(labels, mul(cast(isBinary, 'float32'), sub(labels, filled(1))));
}

/** Throws `GS_LOSS_TARGET` unless all labels are -1 and 1, or all are 0 and 1. */
export function checkHingeLabels(where: string, targets: HostArray): void {
  const problem = {
    code: 'GS_LOSS_TARGET',
    where,
    expected: '-1 and 1, or 0 and 1',
    next: 'Encode no as -1 and yes as 1.',
  } as const;
  checkValues(targets, (value) => value === -1 || value === 0 || value === 1, {
    ...problem,
    what: 'A target is no label of two classes',
  });
  if (!targets.values.includes(0) || !targets.values.includes(-1)) return;
  throw new GradstreamError(problem.code, {
    ...problem,
    what: 'The targets of a batch mix two encodings',
    received: '-1 and 0 in one batch',
  });
}

/** Throws `GS_LOSS_TARGET` unless all labels are of two kinds, 0 and 1 or -1 and 1, and every row, the last axis, has a 1. */
export function checkOneYesByRow(where: string, targets: HostArray): void {
  checkHingeLabels(where, targets);
  const classes = targets.shape.at(-1)!;
  for (let start = 0; start < targets.values.length; start += classes) {
    if (targets.values.subarray(start, start + classes).includes(1)) continue;
    throw valueError(targets.shape.slice(0, -1), start / classes, 'a row without a 1', {
      code: 'GS_LOSS_TARGET',
      where,
      what: 'A target names no class',
      expected: 'one-hot rows',
      next: 'Such a row comes from a label outside the classes: count classes from 0, or give the last layer more units.',
    });
  }
}
