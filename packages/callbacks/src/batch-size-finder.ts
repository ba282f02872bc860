import {
  checkChoice,
  checkNumber,
  checkOptions,
  defineCallback,
  type Callback,
  type TrainBegin,
  type TrainEnd,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap } from 'rxjs';
import {
  BatchSizeSearch,
  samplesPerSecond,
  type BatchSizeMode,
  type BatchSizeReason,
  type BatchSizeTrial,
} from './internal/batch-size-search.js';
import { batchSizeText } from './internal/batch-size-text.js';
import { lacksMemory } from './internal/lacks-memory.js';

/** Options of `batchSizeFinder` and `findBatchSize`, with Lightning's defaults. */
export interface BatchSizeFinderOptions {
  /**
   * `power` doubles the size until there is no memory for it. `binsearch` then halves the gap between the largest that fits and the smallest that does not, down to 1.
   * `throughput` doubles until two sizes in a row train no more samples a second. Default `power`.
   */
  readonly mode?: BatchSizeMode;
  /** The first size. Default 2. */
  readonly from?: number;
  /** The largest size. Default 8192. */
  readonly to?: number;
  /** Sizes that are tried at most. Default 25. */
  readonly maxTrials?: number;
  /** Training steps with each size. Default 3; with `throughput` 10, of which the first two do not count. */
  readonly stepsPerTrial?: number;
  /** With `throughput`: a share by which a size may be slower than the fastest and still be as good. Default 0.05. */
  readonly tolerance?: number;
}

/** What a search has found so far. */
export interface BatchSizeFound {
  /** The largest size that trains; by throughput the smallest that is nearly as fast as the fastest. Null where none was found. */
  readonly batchSize: number | null;
  readonly trials: readonly BatchSizeTrial[];
  /** Why no further size is tried; null while the search goes on. */
  readonly reason: BatchSizeReason | null;
  /** A table of the trials. */
  text(): string;
}

/** A callback with what it has found. */
export interface BatchSizeFinderCallback extends Callback, BatchSizeFound {
  /** The batch size that the next training is to have; null when the search is over. */
  readonly next: number | null;
}

const WHERE = 'callbacks/batchSizeFinder';
/** The names of the options. */
export const BATCH_SIZE_OPTIONS = ['mode', 'from', 'to', 'maxTrials', 'stepsPerTrial', 'tolerance'] as const;
/** Where weights wait. */
const SLOT = 'before';

/** The options with their defaults. Throws `GS_OPTION_*` for those that cannot be used. */
function checked(options: BatchSizeFinderOptions): Required<BatchSizeFinderOptions> {
  checkOptions(WHERE, options, BATCH_SIZE_OPTIONS);
  const mode = checkChoice(WHERE, 'mode', options.mode ?? 'power', ['power', 'binsearch', 'throughput']);
  const from = checkNumber(WHERE, 'from', options.from ?? 2, { min: 1, integer: true });
  const count = (name: 'maxTrials' | 'stepsPerTrial', otherwise: number): number =>
    checkNumber(WHERE, name, options[name] ?? otherwise, { min: 1, integer: true });
  return {
    mode,
    from,
    to: checkNumber(WHERE, 'to', options.to ?? Math.max(from, 8192), { min: from, integer: true }),
    maxTrials: count('maxTrials', 25),
    stepsPerTrial: count('stepsPerTrial', mode === 'throughput' ? 10 : 3),
    tolerance: checkNumber(WHERE, 'tolerance', options.tolerance ?? 0.05, { min: 0, max: 1, exclusive: 'max' }),
  };
}

/** Training steps with each size. */
export const stepsOf = (options: BatchSizeFinderOptions): number => checked(options).stepsPerTrial;

/**
 * Searches a batch size over several trainings: `while (finder.next !== null)` train on batches of `finder.next` samples with this callback. Each training takes
 * a few steps, then weights, optimizer and step count are put back and it stops. `findBatchSize` does all of it in one call.
 *
 * A training that fails for want of memory (`GS_BACKEND_MEMORY`, or what other backends say) ends the search or bisects it; `fit` still rejects with it. A
 * first batch with fewer samples than it should have is all the data: that is the last trial. A copy of the weights and of the optimizer's state is kept meanwhile,
 * so that the size that is found leaves that much memory free. States the diagnosis `batchSizeFound` at the end. Throws `GS_OPTION_*` for options
 * that cannot be used. Source: the rules of Lightning's `Tuner.scale_batch_size`, which has no `throughput`.
 */
export function batchSizeFinder(options: BatchSizeFinderOptions = {}): BatchSizeFinderCallback {
  const { stepsPerTrial, ...bounds } = checked(options);
  const search = new BatchSizeSearch(bounds);
  let times: number[] = [];
  let batchSize = 0;
  let trying = false;

  const begin = ({ time }: TrainBegin): TrainingCommand[] => {
    [times, batchSize, trying] = [[time], 0, search.next !== null];
    if (!trying) return [{ type: 'stop', reason: 'the search is over' }];
    // Reading each loss waits for a backend that computes behind: for its time, and for its errors.
    return [
      { type: 'keepWeights', slot: SLOT, optimizer: true },
      { type: 'observe', kind: 'loss', every: 1 },
    ];
  };
  const finish = ({ reason, message }: TrainEnd): TrainingCommand[] => {
    trying = false;
    const steps = times.length - 1;
    const noMemory = reason === 'failed' && lacksMemory(message);
    const size = batchSize === 0 ? search.next! : batchSize;
    if (noMemory) search.take({ batchSize: size, fits: false, steps, samplesPerSecond: null, message });
    else if (reason === 'failed' || reason === 'stopped' || steps === 0) search.end('stopped');
    else
      search.take({
        batchSize,
        fits: true,
        steps,
        samplesPerSecond: samplesPerSecond(batchSize, times.slice(1)),
        message: '',
      });
    return [
      { type: 'observe', kind: 'loss', every: 0 },
      { type: 'restoreWeights', slot: SLOT },
      ...(search.next === null && search.reason !== 'stopped' ? [report(search)] : []),
    ];
  };
  const answer = (event: TrainingEvent): TrainingCommand[] => {
    if (event.type === 'trainBegin') return begin(event);
    if (!trying) return [];
    if (event.type === 'trainEnd') return finish(event);
    if (event.type !== 'stepEnd') return [];
    if (times.length === 1) batchSize = event.batchSize;
    times.push(event.time);
    return times.length - 1 === stepsPerTrial ? [{ type: 'stop', reason: `${stepsPerTrial} steps were tried` }] : [];
  };
  const callback = defineCallback('batchSizeFinder', (events$) => events$.pipe(concatMap(answer)));
  return Object.defineProperties(Object.assign(callback, { text: () => batchSizeText(search) }), {
    next: { get: () => search.next, enumerable: true },
    batchSize: { get: () => search.best, enumerable: true },
    trials: { get: () => search.trials, enumerable: true },
    reason: { get: () => search.reason, enumerable: true },
  }) as BatchSizeFinderCallback;
}

function report({ best, trials, bounds: { mode } }: BatchSizeSearch): TrainingCommand {
  const found = trials.find(({ batchSize, fits }) => fits && batchSize === best);
  const speed = found?.samplesPerSecond ?? null;
  const evidence = { trials: trials.length };
  const diagnosis =
    best === null
      ? {
          name: 'batchSizeNotFound',
          severity: 'error' as const,
          message: 'There is no memory for a batch of any size that was tried',
          evidence,
          remedy: 'Take a smaller model, or begin the search at 1.',
        }
      : {
          name: 'batchSizeFound',
          severity: 'info' as const,
          message:
            mode === 'throughput'
              ? `Batches of ${best} train as many samples a second as larger ones`
              : `Batches of ${best} samples are the largest that train`,
          evidence: {
            ...evidence,
            batchSize: best,
            ...(speed === null ? {} : { samplesPerSecond: speed }),
          },
          remedy: 'Train with this batch size; with a much larger one than before, search the learning rate anew.',
        };
  return { type: 'report', diagnosis };
}
