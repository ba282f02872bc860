import type { BatchSizeSearch } from './batch-size-search.js';

/** The trials as a table in plain text, the best one marked. */
export function batchSizeText({ best, trials }: Pick<BatchSizeSearch, 'best' | 'trials'>): string {
  const rows = trials.map(({ batchSize, fits, samplesPerSecond }) => {
    const speed = samplesPerSecond === null ? '' : `${samplesPerSecond.toFixed(0)} samples/s`;
    const mark = fits && batchSize === best ? '  <-' : '';
    return `${String(batchSize).padStart(10)}  ${(fits ? speed : 'no memory').padStart(18)}${mark}`;
  });
  return [`${'batch size'.padStart(10)}  ${'trained'.padStart(18)}`, ...rows].join('\n');
}
