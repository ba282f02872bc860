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
