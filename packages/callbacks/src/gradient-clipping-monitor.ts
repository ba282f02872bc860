import {
  checkChoice,
  checkNumber,
  checkOptions,
  defineCallback,
  describeValue,
  GradstreamError,
  type Callback,
  type Json,
  type Statistics,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concat, concatMap, defer, from } from 'rxjs';
import { clippingReport } from './internal/clipping-report.js';
import { measureOf, type ClippingMeasure, type ClippingRecord } from './internal/clipping-record.js';
import { quantile } from './internal/quantile.js';

/** Options of `gradientClippingMonitor`. */
export interface GradientClippingMonitorOptions {
  /** What is limited: each value, the norm of each weight's gradient, or the norm of all together. Default `globalNorm`. */
  readonly by?: ClippingMeasure;
  /** The limit; `adaptive` sets it to the percentile of what was observed. Default: none, nothing is clipped, and a limit is suggested. */
  readonly threshold?: number | 'adaptive';
  /** The share of observed steps, in percent, that a suggested or adaptive limit leaves as they are. Default 90. */
  readonly percentile?: number;
  /** Steps between two observations. Default 10. */
  readonly every?: number;
  /** Observations that a limit is derived from. Default 100. */
  readonly window?: number;
}

const WHERE = 'callbacks/gradientClippingMonitor';
/** A report and an adaptive limit need so many observations; the latter is moved only where it changes by this share. */
const ENOUGH = 5;
const MOVES = 0.05;

/**
 * Clips gradients and tells what that does: after each epoch (or several, until five steps were observed) a diagnosis `gradientClipping` with the norm of all gradients before and after (`normBefore`, `normAfter`,
 * medians over the epoch's observed steps), the share of observed steps that were clipped, the norm of each weight's gradient (`before PATH`, `after PATH`), and a
 * limit that would fit.
 *
 * An adaptive limit is the percentile of the last observations, as in AutoClip; until there are five of them nothing is clipped. A small percentile clips most steps,
 * 90 the outliers. Norms are computed on the device in the observed steps and nothing is read in between. It warns where more than nine of ten steps are
 * clipped. Clipping that the optimizer does on its own (`clipNorm`) comes after this one and is not seen. Throws `GS_OPTION_*` for options that cannot be used.
 * Source: Seetharaman, Wichern, Pardo, Le Roux, "AutoClip: adaptive gradient clipping for source separation networks", 2020.
 */
export function gradientClippingMonitor(options: GradientClippingMonitorOptions = {}): Callback {
  checkOptions(WHERE, options, ['by', 'threshold', 'percentile', 'every', 'window']);
  const by = checkChoice(WHERE, 'by', options.by ?? 'globalNorm', ['value', 'norm', 'globalNorm']);
  const fixed = thresholdOf(options.threshold);
  const percentile = checkNumber(WHERE, 'percentile', options.percentile ?? 90, {
    min: 0,
    max: 100,
    exclusive: 'both',
  });
  const every = checkNumber(WHERE, 'every', options.every ?? 10, { min: 1, integer: true });
  const window = checkNumber(WHERE, 'window', options.window ?? 100, { min: ENOUGH, integer: true });
  const adaptive = fixed === 'adaptive';
  let memory: Memory = FRESH;
  let restored = false;

  const begin = (): TrainingCommand[] => {
    if (!restored) memory = { measures: [], threshold: adaptive ? null : fixed };
    restored = false;
    const { threshold } = memory;
    return threshold === null ? [] : [{ type: 'setGradientClipping', clipping: { by, threshold } }];
  };
  const follow = (measure: number): TrainingCommand[] => {
    memory = { ...memory, measures: [...memory.measures, measure].slice(-window) };
    const next = quantile(memory.measures, percentile / 100);
    const { measures, threshold } = memory;
    const same = threshold !== null && Math.abs(next - threshold) <= MOVES * threshold;
    if (!adaptive || measures.length < ENOUGH || same || !(next > 0)) return [];
    memory = { measures, threshold: next };
    return [{ type: 'setGradientClipping', clipping: { by, threshold: next } }];
  };

  return defineCallback(
    'gradientClippingMonitor',
    (events$) =>
      defer(() => {
        const observes = (['gradients', 'clippedGradients'] as const).map(
          (kind) => ({ type: 'observe', kind, every }) as const,
        );
        let gradients: Statistics | undefined;
        let records: ClippingRecord[] = [];
        const answer = (event: TrainingEvent): TrainingCommand[] => {
          if (event.type === 'trainBegin') return begin();
          if (event.type === 'epochEnd' || event.type === 'trainEnd') {
            // Epochs with few observed steps are told of together.
            const told = records;
            if (told.length < (event.type === 'trainEnd' ? 1 : ENOUGH)) return [];
            records = [];
            return [clippingReport(by, told, memory.threshold, quantile(memory.measures, percentile / 100))];
          }
          if (event.type !== 'statistics' || event.globalStep % every !== 0) return [];
          if (event.kind === 'gradients') gradients = event;
          if (event.kind !== 'clippedGradients' || gradients?.globalStep !== event.globalStep) return [];
          const before = gradients.tensors;
          records.push({ before, after: event.tensors });
          const measure = measureOf(by, before);
          // A step that is not finite would make every limit infinite.
          return Number.isFinite(measure) ? follow(measure) : [];
        };
        return concat(from(observes), events$.pipe(concatMap(answer)));
      }),
    {
      state: () => ({ measures: [...memory.measures], threshold: memory.threshold }),
      restore: (json) => {
        memory = memoryOf(json);
        restored = true;
      },
    },
  );
}

/** What a checkpoint holds. */
interface Memory {
  readonly measures: readonly number[];
  /** The limit in force. */
  readonly threshold: number | null;
}

const FRESH: Memory = { measures: [], threshold: null };

function thresholdOf(threshold: unknown): number | 'adaptive' | null {
  if (threshold === undefined) return null;
  if (threshold === 'adaptive') return threshold;
  if (typeof threshold === 'string') return checkChoice(WHERE, 'threshold', threshold, ['adaptive'] as const);
  return checkNumber(WHERE, 'threshold', threshold, { min: 0, exclusive: 'min' });
}

function memoryOf(json: Json): Memory {
  const { measures, threshold } = Object(json) as Record<keyof Memory, unknown>;
  const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
  if (Array.isArray(measures) && measures.every(isNumber) && (threshold === null || isNumber(threshold)))
    return { measures, threshold } as Memory;
  throw new GradstreamError('GS_CALLBACK_STATE', {
    where: WHERE,
    what: 'The checkpoint holds a state that is none of this callback',
    expected: '{ measures, threshold }, numbers or null',
    received: describeValue(json),
    next: 'Give fit the callbacks that the checkpoint was made with, in the same order.',
  });
}
