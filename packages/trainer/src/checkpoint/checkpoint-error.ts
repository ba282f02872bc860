import { GradstreamError, isGradstreamError, type GradstreamErrorDetails } from '@gradstream/core';

/** What can be wrong with a checkpoint or the place where it is kept. */
export type CheckpointErrorCode =
  | 'GS_CHECKPOINT_NAME'
  | 'GS_CHECKPOINT_MISSING'
  | 'GS_CHECKPOINT_READ'
  | 'GS_CHECKPOINT_WRITE'
  | 'GS_CHECKPOINT_DAMAGED'
  | 'GS_CHECKPOINT_VERSION'
  | 'GS_CHECKPOINT_DIFFERS';

/** An error about a checkpoint. */
export function checkpointError(code: CheckpointErrorCode, details: GradstreamErrorDetails): GradstreamError {
  return new GradstreamError(code, details);
}

/** The error for a checkpoint that is not what was written: torn, cut, changed, or never whole. An older one may be. */
export function damaged(
  where: string,
  what: string,
  expected: string,
  received: string,
  cause?: unknown,
): GradstreamError {
  return checkpointError('GS_CHECKPOINT_DAMAGED', {
    where,
    what,
    expected,
    received,
    next: 'Resume from an older checkpoint; copy this one again if it is a copy.',
    cause,
  });
}

/** True for an error that says that this checkpoint cannot be used, and nothing about others. */
export function isDamage(error: unknown): boolean {
  return isGradstreamError(error) && ['GS_CHECKPOINT_DAMAGED', 'GS_CHECKPOINT_READ'].includes(error.code);
}
