import { GradstreamError, type ErrorCode, type HostArray } from '@gradstream/core';

/** A mistake in a batch's targets: which value it is and what to say about it. */
export interface ValueProblem {
  readonly code: ErrorCode;
  readonly where: string;
  readonly what: string;
  readonly expected: string;
  readonly next: string;
}

/** Throws for the first value that is not good, with its position. */
export function checkValues(
  { shape, values }: HostArray,
  isGood: (value: number) => boolean,
  problem: ValueProblem,
): void {
  for (let index = 0; index < values.length; index++) {
    if (!isGood(values[index]!)) throw valueError(shape, index, String(values[index]), problem);
  }
}

/** Throws unless every value is finite. Integers always are. */
export function checkFinite(where: string, targets: HostArray): void {
  if (targets.dtype !== 'float32') return;
  checkValues(targets, Number.isFinite, {
    code: 'GS_LOSS_TARGET',
    where,
    what: 'A target is not finite',
    expected: 'finite numbers',
    next: 'Clean the data: one such value makes the loss and every weight NaN.',
  });
}

/** Throws unless every value is 0 or above. */
export function checkNotNegative(where: string, targets: HostArray): void {
  checkValues(targets, (value) => value >= 0, {
    code: 'GS_LOSS_TARGET',
    where,
    what: 'A target is negative',
    expected: 'numbers from 0 on',
    next: 'Use meanSquaredError for numbers that can be negative.',
  });
}

/** Throws unless every value is from 0 to 1; `next` says what to do otherwise. */
export function checkProbabilities(where: string, targets: HostArray, next: string): void {
  checkValues(targets, (value) => value >= 0 && value <= 1, {
    code: 'GS_LOSS_TARGET',
    where,
    what: 'A target is no probability',
    expected: 'numbers from 0 to 1',
    next,
  });
}

/** The error for the value at an index, with its position by dimension. */
export function valueError(
  shape: readonly number[],
  index: number,
  received: string,
  { code, where, what, expected, next }: ValueProblem,
): GradstreamError {
  return new GradstreamError(code, {
    where,
    what,
    expected,
    received: `${received} at position ${describePosition(shape, index)}`,
    next,
  });
}

function describePosition(shape: readonly number[], index: number): string {
  const position: number[] = [];
  let rest = index;
  for (const size of shape.toReversed()) {
    position.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${position.join(', ')}]`;
}
