import { checkOptions, GradstreamError, describeValue, startRun, type Run, type Timed } from '@gradstream/core';
import {
  BATCH_SIZE_OPTIONS,
  batchSizeFinder,
  stepsOf,
  type BatchSizeFinderCallback,
  type BatchSizeFinderOptions,
  type BatchSizeFound,
} from './batch-size-finder.js';
import type { Trains } from './find-learning-rate.js';
import type { BatchSizeTrial } from './internal/batch-size-search.js';

const WHERE = 'callbacks/findBatchSize';

/** A size was tried; `next` is the one that is tried now, null at the end. */
export interface BatchSizeTried extends BatchSizeTrial, Timed {
  readonly type: 'batchSizeTried';
  readonly next: number | null;
}

/**
 * Searches a batch size for a trainer: `const { batchSize } = await findBatchSize(trainer, (size) => train.batch(size))`. How, and the options: see
 * `batchSizeFinder`. A run: `events$` states each trial as `batchSizeTried`, `stop()` ends it with what was found until then (null where that is nothing).
 *
 * Afterwards weights, optimizer and step count are what they were, bit for bit, also where a trial failed for want of memory. Throws `GS_OPTION_*` for options that
 * cannot be used; rejects with `GS_CALLBACK_BATCH_SIZE` where no size fits, and with the error of a training that failed for another reason.
 */
export function findBatchSize<Data>(
  trainer: Trains<Data>,
  batches: (batchSize: number) => Data,
  options: BatchSizeFinderOptions = {},
): Run<BatchSizeTried, BatchSizeFound> {
  checkOptions(WHERE, options, BATCH_SIZE_OPTIONS);
  if (typeof batches !== 'function') {
    throw new GradstreamError('GS_OPTION_TYPE', {
      where: WHERE,
      what: 'There is nothing that makes batches of a size',
      expected: 'a function from a batch size to data',
      received: describeValue(batches),
      next: 'Pass it second: findBatchSize(trainer, (size) => train.batch(size)).',
    });
  }
  const finder = batchSizeFinder(options);
  const stepsPerEpoch = stepsOf(options);
  return startRun<BatchSizeTried, BatchSizeFound>(async ({ emit, signal }) => {
    while (finder.next !== null && !signal.aborted) {
      const before = finder.trials.length;
      await trial(trainer, batches(finder.next), finder, stepsPerEpoch, signal);
      for (const one of finder.trials.slice(before))
        emit({ type: 'batchSizeTried', time: performance.timeOrigin + performance.now(), ...one, next: finder.next });
    }
    const { batchSize, trials, reason } = finder;
    const last = trials.at(-1);
    if (batchSize === null && last?.fits === false && !signal.aborted) throw nothingFits(last);
    return { batchSize, trials, reason: reason ?? 'stopped', text: () => finder.text() };
  });
}

/** One training of a few steps. Rejects where it failed, but for want of memory, which the finder has noted. */
async function trial<Data>(
  trainer: Trains<Data>,
  data: Data,
  finder: BatchSizeFinderCallback,
  stepsPerEpoch: number,
  signal: AbortSignal,
): Promise<void> {
  const before = finder.trials.length;
  const run = trainer.fit(data, { epochs: 1, stepsPerEpoch, callbacks: [finder] });
  const stop = (): void => run.stop(String(signal.reason));
  let failure: string | undefined;
  run.events$.subscribe((event) => {
    if (event.type !== 'callbackFailed') return;
    failure = event.message;
    run.stop('the search failed');
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    await run;
  } catch (error) {
    if (finder.trials.length === before || finder.trials.at(-1)!.fits) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (failure !== undefined)
    throw new GradstreamError('GS_CALLBACK_BATCH_SIZE', {
      where: WHERE,
      what: 'No batch size can be searched',
      expected: 'a training that keeps its weights and puts them back',
      received: failure,
      next: 'Look at the message; the weights may be those of a trial.',
    });
}

function nothingFits({ batchSize, message }: BatchSizeTrial): GradstreamError {
  return new GradstreamError('GS_CALLBACK_BATCH_SIZE', {
    where: WHERE,
    what: 'There is no memory for a batch of any size',
    expected: 'room for one sample, and for a copy of the weights and of the optimizer’s state',
    received: `batches of ${batchSize}: ${message}`,
    next: 'Take a smaller model or smaller examples, or give the backend more memory.',
  });
}
