import {
  checkChoice,
  checkNumber,
  checkOptions,
  defineCallback,
  type Callback,
  type Json,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap } from 'rxjs';
import type { Chart, Point } from './chart/chart.js';
import { svgChart } from './chart/svg-chart.js';
import { textChart, type TextChartOptions } from './chart/text-chart.js';
import { checkSinks, type DrawingSinks, drawings } from './internal/drawings.js';
import { monitorOf } from './internal/monitor.js';
import { overfittingPoint, type OverfittingPoint } from './internal/overfitting-point.js';
import { numberText } from './internal/number-text.js';
import { ThinnedCurve } from './internal/thinned.js';
import { badState } from './internal/training-memory.js';

/** Options of `lossCurves`. */
export interface LossCurvesOptions extends DrawingSinks {
  /** What is drawn: the loss, or a metric. Default `loss`. */
  readonly metric?: string;
  /** Whether it is to fall or to rise; `auto` reads it from its name. Default `auto`. */
  readonly mode?: 'auto' | 'min' | 'max';
  /** Steps between two looks at a batch's loss. A look reads a number from the device. Default 10. */
  readonly every?: number;
  /** Default `linear`. */
  readonly scale?: 'linear' | 'log';
}

/** A callback with the curves that it has drawn so far. */
export interface LossCurvesCallback extends Callback {
  /** Points of [training steps, value]: of the loss the means of some batches, of a metric those of epochs. */
  readonly training: readonly Point[];
  readonly validation: readonly Point[];
  /** Where validation was best before it got worse while training improved; null where that did not happen. */
  readonly overfitting: OverfittingPoint | null;
  svg(): string;
  text(options?: TextChartOptions): string;
}

const WHERE = 'callbacks/lossCurves';
const KNOWN = ['metric', 'mode', 'every', 'scale', 'svg', 'stream'];
const MOST = 400;

/**
 * Draws training against validation over the steps, with the point of overfitting marked: as an SVG picture after each epoch, and in plain characters when
 * training ends.
 *
 * The curve of the loss is made of single batches' losses (the running means of an epoch lag behind), means of several where there are more than 400. The
 * point of overfitting is the best validation, where two or more that followed are worse by more than 1 % while training got better by more than 1 %.
 * Curves live on in checkpoints. Throws `GS_OPTION_*` for options that cannot be used, `GS_CALLBACK_MODE` where a name does not tell the mode, and in training
 * `GS_CALLBACK_MONITOR` for a metric that will never come.
 */
export function lossCurves(options: LossCurvesOptions = {}): LossCurvesCallback {
  checkOptions(WHERE, options, KNOWN);
  const { metric = 'loss', mode } = options;
  const monitor = monitorOf(WHERE, { monitor: metric, ...(mode === undefined ? {} : { mode }) });
  const every = checkNumber(WHERE, 'every', options.every ?? 10, { min: 1, integer: true });
  const scale = checkChoice(WHERE, 'scale', options.scale ?? 'linear', ['linear', 'log']);
  checkSinks(WHERE, options);
  let [training, validation] = [new ThinnedCurve(MOST), new ThinnedCurve(MOST)];
  let restored = false;

  const overfitting = (): OverfittingPoint | null => overfittingPoint(training.points, validation.points, monitor.mode);
  const chart = (): Chart => {
    const point = overfitting();
    return {
      title: `${metric} over training`,
      xLabel: 'training steps',
      yLabel: metric,
      yScale: scale,
      curves: [
        { name: 'training', points: training.points },
        ...(validation.points.length > 0 ? [{ name: 'validation', points: validation.points }] : []),
      ],
      marks:
        point === null
          ? []
          : [{ x: point.step, label: `overfitting from step ${point.step}: ${numberText(point.value)}` }],
    };
  };
  const begin = (names: readonly string[]): TrainingCommand[] => {
    monitor.check(names);
    if (!restored) [training, validation] = [new ThinnedCurve(MOST), new ThinnedCurve(MOST)];
    restored = false;
    return metric === 'loss' ? [{ type: 'observe', kind: 'loss', every }] : [];
  };
  const answer = (event: TrainingEvent): TrainingCommand[] => {
    switch (event.type) {
      case 'trainBegin':
        return begin(event.metricNames);
      case 'stepEnd':
        if (metric === 'loss' && event.loss !== undefined) training.add(event.globalStep + 1, event.loss);
        return [];
      case 'validationEnd':
        if (event.logs[metric] !== undefined) validation.add(event.globalStep, event.logs[metric]);
        return [];
      case 'epochEnd':
        if (metric !== 'loss' && event.logs[metric] !== undefined) training.add(event.globalStep, event.logs[metric]);
        return drawings(options, () => svgChart(chart()));
      case 'trainEnd':
        return drawings(options, undefined, () => textChart(chart()));
      default:
        return [];
    }
  };
  const callback = defineCallback('lossCurves', (events$) => events$.pipe(concatMap(answer)), {
    state: () => JSON.parse(JSON.stringify({ training: training.state, validation: validation.state })) as Json,
    restore: (json) => {
      const curves = readState(json);
      training.state = curves.training;
      validation.state = curves.validation;
      restored = true;
    },
  });
  return Object.defineProperties(
    Object.assign(callback, {
      svg: () => svgChart(chart()),
      text: (layout?: TextChartOptions) => textChart(chart(), layout),
    }),
    {
      training: { get: () => training.points, enumerable: true },
      validation: { get: () => validation.points, enumerable: true },
      overfitting: { get: overfitting, enumerable: true },
    },
  ) as LossCurvesCallback;
}

type CurveState = ThinnedCurve['state'];

function readState(json: Json): { readonly training: CurveState; readonly validation: CurveState } {
  // A number that is not finite is null in JSON.
  const isPoint = (point: unknown): point is Point =>
    Array.isArray(point) &&
    point.length === 2 &&
    typeof point[0] === 'number' &&
    (point[1] === null || typeof point[1] === 'number');
  const points = (value: unknown): Point[] | undefined =>
    Array.isArray(value) && value.length <= 2 ** 20 && value.every(isPoint)
      ? value.map(([x, y]): Point => [x, y ?? Number.NaN])
      : undefined;
  const curve = (value: unknown): CurveState | undefined => {
    const { points: all, every, waiting } = Object(value) as Record<string, unknown>;
    const [list, rest] = [points(all), points(waiting)];
    if (list === undefined || rest === undefined || !Number.isSafeInteger(every) || (every as number) < 1)
      return undefined;
    return { points: list, every: every as number, waiting: rest };
  };
  const found = Object(json) as Record<string, unknown>;
  const [training, validation] = [curve(found['training']), curve(found['validation'])];
  if (training !== undefined && validation !== undefined) return { training, validation };
  throw badState(WHERE, '{ training, validation }, curves of points', json);
}
