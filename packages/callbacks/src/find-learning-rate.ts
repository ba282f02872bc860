import { checkOptions, GradstreamError, type Callback, type Run, type TrainingEvent } from '@gradstream/core';
import type { TextChartOptions } from './chart/text-chart.js';
import {
  FINDER_OPTIONS,
  learningRateFinder,
  type LearningRateFinderOptions,
  type LearningRateSearch,
} from './learning-rate-finder.js';

const WHERE = 'callbacks/findLearningRate';

/** What trains: as much of a trainer as is needed. */
export interface Trains<Data> {
  fit(
    data: Data,
    options: { readonly epochs: number; readonly stepsPerEpoch: number; readonly callbacks: readonly Callback[] },
  ): Run<TrainingEvent, unknown>;
}

/** What a search has found, with its drawings. */
export interface FoundLearningRate extends LearningRateSearch {
  readonly svg: string;
  text(options?: TextChartOptions): string;
}

/**
 * Searches a learning rate for a trainer on batches: `const { suggestion } = await findLearningRate(trainer, data)`. How, and the options: see
 * `learningRateFinder`.
 *
 * Afterwards weights, optimizer and step count are what they were, bit for bit, but for the learning rate with `apply: true`. Throws `GS_OPTION_*` for options that
 * cannot be used and `GS_CALLBACK_RATE` under an optimizer without a rate of its own; rejects where training fails.
 */
export async function findLearningRate<Data>(
  trainer: Trains<Data>,
  data: Data,
  options: LearningRateFinderOptions = {},
): Promise<FoundLearningRate> {
  checkOptions(WHERE, options, FINDER_OPTIONS);
  const finder = learningRateFinder(options);
  const run = trainer.fit(data, { epochs: 1, stepsPerEpoch: options.steps ?? 100, callbacks: [finder] });
  let failure: string | undefined;
  run.events$.subscribe((event) => {
    if (event.type !== 'callbackFailed') return;
    // Its first commands come before the first step: nothing is trained then.
    failure = event.message;
    run.stop('the search failed');
  });
  await run;
  if (failure !== undefined) {
    throw new GradstreamError('GS_CALLBACK_RATE', {
      where: WHERE,
      what: 'No learning rate can be searched',
      expected: 'an optimizer with a number for its learning rate',
      received: failure,
      next: 'Compile with such an optimizer for the search.',
    });
  }
  const { suggestion, rates, losses, smoothed } = finder;
  return { suggestion, rates, losses, smoothed, svg: finder.svg(), text: (layout) => finder.text(layout) };
}
