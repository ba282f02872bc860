import { GradstreamError } from '@gradstream/core';

/** The error for data that has no batch. */
export function noBatches(where: string): GradstreamError {
  return new GradstreamError('GS_TRAIN_EMPTY', {
    where,
    what: 'The data has no batch',
    expected: 'at least one batch',
    received: 'none',
    next: 'Check the dataset: an empty source, a filter that drops all, or an iterator that was used up before.',
  });
}
