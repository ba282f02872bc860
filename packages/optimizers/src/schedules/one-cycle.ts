import { checkBoolean, checkChoice, checkNumber, checkOptions, GradstreamError } from '@gradstream/core';
import { lessEqual, minimum, mul, sub, where as select, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { between, halfCosine } from './internal/cosine.js';
import { namedSchedule } from './internal/named-schedule.js';
import type { Schedule } from './schedule.js';

/** Options of `oneCycle`. */
export interface OneCycleOptions {
  /** The highest rate, at least 0. */
  readonly maxLearningRate: number;
  /** Steps of the cycle, an integer of at least 2. */
  readonly totalSteps: number;
  /** Share of the steps that go up, in (0, 1). Default 0.3. */
  readonly pctStart?: number;
  /** How a phase goes: along half a wave of the cosine or in a line. Default `cos`. */
  readonly annealStrategy?: 'cos' | 'linear';
  /** The highest rate divided by the first, above 0. Default 25. */
  readonly divFactor?: number;
  /** The first rate divided by the last, above 0. Default 10,000. */
  readonly finalDivFactor?: number;
  /** Goes down as long as up, to the first rate, and then to the last; else straight down to the last. Default false. */
  readonly threePhase?: boolean;
}

const NAMES = [
  'maxLearningRate',
  'totalSteps',
  'pctStart',
  'annealStrategy',
  'divFactor',
  'finalDivFactor',
  'threePhase',
] as const;

/** A phase that ends at a step with a rate. */
interface Phase {
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Up from `maxLearningRate / divFactor` to `maxLearningRate` and down to `maxLearningRate / divFactor / finalDivFactor`, in one cycle. After it the last rate stays.
 *
 * PyTorch's `OneCycleLR` without its cycle of momentum; PyTorch throws after the last step. Throws `GS_OPTION_*` for bad or missing options, also for a
 * share of steps that leaves a phase without any. Source: Smith and Topin, "Super-convergence", 2018.
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const where = 'optimizers/schedules/oneCycle';
  checkOptions(where, options, NAMES);
  const maxLearningRate = checkNumber(where, 'maxLearningRate', options?.maxLearningRate, { min: 0 });
  const totalSteps = checkNumber(where, 'totalSteps', options.totalSteps, { min: 2, integer: true });
  const pctStart = checkNumber(where, 'pctStart', options.pctStart ?? 0.3, { min: 0, max: 1, exclusive: 'both' });
  const annealStrategy = checkChoice(where, 'annealStrategy', options.annealStrategy ?? 'cos', ['cos', 'linear']);
  const divFactor = checkNumber(where, 'divFactor', options.divFactor ?? 25, { min: 0, exclusive: 'min' });
  const finalDivFactor = checkNumber(where, 'finalDivFactor', options.finalDivFactor ?? 1e4, {
    min: 0,
    exclusive: 'min',
  });
  const threePhase = checkBoolean(where, 'threePhase', options.threePhase ?? false);

  const first = maxLearningRate / divFactor;
  const last = first / finalDivFactor;
  const up = { end: pctStart * totalSteps - 1, from: first, to: maxLearningRate };
  const phases: readonly Phase[] = threePhase
    ? [
        up,
        { end: 2 * pctStart * totalSteps - 2, from: maxLearningRate, to: first },
        { end: totalSteps - 1, from: first, to: last },
      ]
    : [up, { end: totalSteps - 1, from: maxLearningRate, to: last }];
  checkPhases(where, phases);
  const config = {
    maxLearningRate,
    totalSteps,
    pctStart,
    annealStrategy,
    divFactor,
    finalDivFactor,
    threePhase,
  };
  const rateIn = (step: Tensor, { end, from, to }: Phase, begin: number): Scalar => {
    const fraction = mul(sub(step, filled(begin)), filled(1 / (end - begin)));
    return between(from, to, annealStrategy === 'cos' ? halfCosine(fraction) : sub(filled(1), fraction));
  };
  return namedSchedule('OneCycle', config, (step) => {
    const inside = minimum(step, filled(totalSteps - 1));
    const rates = phases.map((phase, index) => rateIn(inside, phase, phases[index - 1]?.end ?? 0));
    return rates.reduceRight((later, rate, index) =>
      select(lessEqual(inside, filled(phases[index]!.end)), rate, later),
    );
  });
}

function checkPhases(where: string, phases: readonly Phase[]): void {
  const ends = phases.map(({ end }) => end);
  if (ends.every((end, index) => end > (ends[index - 1] ?? 0))) return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'A phase of the cycle has no steps',
    expected: 'phases that end one after another',
    received: `ends at the steps ${ends.join(', ')}`,
    next: 'Change "pctStart", or give more "totalSteps".',
  });
}
