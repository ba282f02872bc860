import {
  checkBoolean,
  checkChoice,
  checkNumber,
  checkOptions,
  defineCallback,
  type Callback,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap } from 'rxjs';
import type { Chart } from './chart/chart.js';
import { svgChart } from './chart/svg-chart.js';
import { textChart, type TextChartOptions } from './chart/text-chart.js';
import { checkSinks, drawings, type DrawingSinks } from './internal/drawings.js';
import { numberText } from './internal/number-text.js';
import { suggestedRate } from './internal/suggested-rate.js';

/** Options of `learningRateFinder`, with Lightning's defaults. */
export interface LearningRateFinderOptions extends DrawingSinks {
  /** The first rate. Default 1e-8. */
  readonly from?: number;
  /** The last rate. Default 1. */
  readonly to?: number;
  /** Steps from the first rate to the last, at least 2. Default 100. */
  readonly steps?: number;
  /** Whether rates grow by a factor or by a difference. Default `exponential`. */
  readonly growth?: 'exponential' | 'linear';
  /** Share of the old mean in the running mean of the losses, in [0, 1). Default 0.98. */
  readonly smoothing?: number;
  /** The search ends where the mean is so many times its least; 0: never. Default 4. */
  readonly stopFactor?: number;
  /** Losses at the beginning and at the end that the suggestion does not look at. Default 10 and 1. */
  readonly skipBegin?: number;
  readonly skipEnd?: number;
  /** Leaves the suggestion as the optimizer's learning rate. Default false: it has the one of before. */
  readonly apply?: boolean;
}

/** What a search has found. */
export interface LearningRateSearch {
  /** The rate at which the smoothed loss falls fastest; null where there are too few losses. */
  readonly suggestion: number | null;
  readonly rates: readonly number[];
  /** Each step's own loss, and the running mean of them, corrected for its start. */
  readonly losses: readonly number[];
  readonly smoothed: readonly number[];
}

/** A callback with what it has found. */
export interface LearningRateFinderCallback extends Callback, LearningRateSearch {
  svg(): string;
  text(options?: TextChartOptions): string;
}

const WHERE = 'callbacks/learningRateFinder';
/** The names of the options. */
export const FINDER_OPTIONS = [
  'from',
  'to',
  'steps',
  'growth',
  'smoothing',
  'stopFactor',
  'skipBegin',
  'skipEnd',
  'apply',
  'svg',
  'stream',
] as const;
/** Where everything waits to be put back. */
const SLOT = 'before';

/**
 * Searches a learning rate: trains some steps with rates from tiny to large, looks at which the loss falls fastest, puts weights, optimizer and step count
 * back and stops. `findLearningRate` does so in one call.
 *
 * The suggestion is the rate of the steepest fall of the smoothed losses over the steps; it is stated as the diagnosis `learningRateFound`, and drawn. Where
 * validation is on it is run once at the end. Throws `GS_OPTION_*` for options that cannot be used; fails in training under an optimizer that follows a
 * schedule or has no rate. Source: Smith, "Cyclical learning rates for training neural networks", 2017; the rules are those of Lightning's finder.
 */
export function learningRateFinder(options: LearningRateFinderOptions = {}): LearningRateFinderCallback {
  checkOptions(WHERE, options, FINDER_OPTIONS);
  const from = checkNumber(WHERE, 'from', options.from ?? 1e-8, { min: 0, exclusive: 'min' });
  const to = checkNumber(WHERE, 'to', options.to ?? 1, { min: from, exclusive: 'min' });
  const steps = checkNumber(WHERE, 'steps', options.steps ?? 100, { min: 2, integer: true });
  const growth = checkChoice(WHERE, 'growth', options.growth ?? 'exponential', ['exponential', 'linear']);
  const smoothing = checkNumber(WHERE, 'smoothing', options.smoothing ?? 0.98, { min: 0, max: 1, exclusive: 'max' });
  const stopFactor = checkNumber(WHERE, 'stopFactor', options.stopFactor ?? 4, { min: 0 });
  const skipBegin = checkNumber(WHERE, 'skipBegin', options.skipBegin ?? 10, { min: 0, integer: true });
  const skipEnd = checkNumber(WHERE, 'skipEnd', options.skipEnd ?? 1, { min: 0, integer: true });
  const apply = checkBoolean(WHERE, 'apply', options.apply ?? false);
  checkSinks(WHERE, options);
  let search = { rates: [] as number[], losses: [] as number[], smoothed: [] as number[] };
  let mean = 0;
  let searching = false;

  const rateOf = (step: number): number => {
    const share = step / (steps - 1);
    return growth === 'linear' ? from + share * (to - from) : from * (to / from) ** share;
  };
  const suggestion = (): number | null => suggestedRate(search.rates, search.smoothed, skipBegin, skipEnd);
  const finish = (why: string): TrainingCommand[] => {
    searching = false;
    const rate = suggestion();
    return [
      { type: 'stop', reason: why },
      { type: 'observe', kind: 'loss', every: 0 },
      { type: 'restoreWeights', slot: SLOT },
      ...(apply && rate !== null ? [{ type: 'setLearningRate', value: rate } as const] : []),
      found(rate, search.rates.length),
      ...drawings(
        options,
        () => svgChart(chart()),
        () => textChart(chart()),
      ),
    ];
  };
  const stepEnd = (loss: number | undefined): TrainingCommand[] => {
    if (!searching || loss === undefined) return [];
    const step = search.rates.length;
    mean = smoothing * mean + (1 - smoothing) * loss;
    const smoothed = mean / (1 - smoothing ** (step + 1));
    const least = search.smoothed.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    search.rates.push(rateOf(step));
    search.losses.push(loss);
    search.smoothed.push(smoothed);
    if (!Number.isFinite(loss)) return finish('the loss is not finite any more');
    if (stopFactor > 0 && step > 0 && smoothed > stopFactor * least) return finish('the loss has grown');
    return step + 1 === steps ? finish('all rates are tried') : [{ type: 'setLearningRate', value: rateOf(step + 1) }];
  };
  const chart = (): Chart => {
    const rate = suggestion();
    const points = (values: readonly number[]): (readonly [number, number])[] =>
      values.map((value, index) => [search.rates[index]!, value]);
    return {
      title: 'Loss by learning rate',
      xLabel: 'learning rate',
      yLabel: 'loss',
      xScale: growth === 'linear' ? 'linear' : 'log',
      curves: [{ name: 'smoothed loss', points: points(search.smoothed) }],
      marks: rate === null ? [] : [{ x: rate, label: `suggestion: ${rateText(rate)}` }],
    };
  };
  const answer = (event: TrainingEvent): TrainingCommand[] => {
    switch (event.type) {
      case 'trainBegin':
        search = { rates: [], losses: [], smoothed: [] };
        mean = 0;
        searching = true;
        return [
          { type: 'keepWeights', slot: SLOT, optimizer: true },
          { type: 'observe', kind: 'loss', every: 1 },
          { type: 'setLearningRate', value: from },
        ];
      case 'stepEnd':
        return stepEnd(event.loss);
      case 'trainEnd':
        // Training ended before the search did.
        return searching ? finish('training has ended') : [];
      default:
        return [];
    }
  };
  const callback = defineCallback('learningRateFinder', (events$) => events$.pipe(concatMap(answer)));
  return Object.defineProperties(
    Object.assign(callback, {
      svg: () => svgChart(chart()),
      text: (layout?: TextChartOptions) => textChart(chart(), layout),
    }),
    {
      suggestion: { get: suggestion, enumerable: true },
      rates: { get: () => search.rates, enumerable: true },
      losses: { get: () => search.losses, enumerable: true },
      smoothed: { get: () => search.smoothed, enumerable: true },
    },
  ) as LearningRateFinderCallback;
}

const rateText = (rate: number): string => (rate >= 0.01 ? numberText(rate) : rate.toExponential(2));

function found(rate: number | null, steps: number): TrainingCommand {
  return {
    type: 'report',
    diagnosis:
      rate === null
        ? {
            name: 'learningRateNotFound',
            severity: 'warning',
            message: `${steps} steps are too few to suggest a learning rate`,
            evidence: { steps },
            remedy: 'Search with more steps, a lower first rate, or a smaller skipBegin.',
          }
        : {
            name: 'learningRateFound',
            severity: 'info',
            message: `The loss falls fastest at a learning rate of ${rateText(rate)}`,
            evidence: { learningRate: rate, steps },
            remedy: 'Train with this learning rate, or a somewhat lower one.',
          },
  };
}
