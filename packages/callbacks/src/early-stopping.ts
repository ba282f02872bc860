import {
  checkBoolean,
  checkChoice,
  checkNumber,
  checkOptions,
  defineCallback,
  describeValue,
  GradstreamError,
  type Callback,
  type EpochEnd,
  type Json,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap } from 'rxjs';
import { checkMonitor } from './internal/check-monitor.js';
import { metricDirection } from './internal/metric-direction.js';
import { numberText } from './internal/number-text.js';

/** Options of `earlyStopping`, as in Keras. */
export interface EarlyStoppingOptions {
  /** The metric to watch, a key of the epoch's logs. Default `val_loss`. */
  readonly monitor?: string;
  /** An improvement has to be larger than this. Default 0. */
  readonly minDelta?: number;
  /** Epochs without improvement that are borne before training stops; 0 and 1 both stop at the first one. Default 0. */
  readonly patience?: number;
  /** Whether the metric is to fall or to rise; `auto` reads it from the metric's name. Default `auto`. */
  readonly mode?: 'auto' | 'min' | 'max';
  /** Patience runs out unless the metric gets better than this. */
  readonly baseline?: number;
  /** Puts the weights of the best epoch back when training ends, however it ends. Default false. */
  readonly restoreBestWeights?: boolean;
  /** Epochs (0-based) before this one are not looked at. Default 0. */
  readonly startFromEpoch?: number;
}

const WHERE = 'callbacks/earlyStopping';
const KNOWN = ['monitor', 'minDelta', 'patience', 'mode', 'baseline', 'restoreBestWeights', 'startFromEpoch'];

/** What a checkpoint holds: epochs are 0-based. */
interface State {
  readonly wait: number;
  readonly best: number | null;
  readonly bestEpoch: number | null;
  readonly stoppedEpoch: number | null;
}

const FRESH: State = { wait: 0, best: null, bestEpoch: null, stoppedEpoch: null };
let instances = 0;

/**
 * Stops training when a metric has stopped improving, with the semantics of Keras' `EarlyStopping`.
 *
 * An improvement is `value < best - minDelta` (or `value > best + minDelta`), strictly; with a `baseline` only one that also beats the baseline by
 * `minDelta` ends the wait. Epochs without the metric (validation now and then) are not counted.
 *
 * Throws `GS_OPTION_*` for options that cannot be used and `GS_CALLBACK_MODE` where the name does not tell the mode. When training begins it ends
 * the run with `GS_CALLBACK_MONITOR` if the metric will never come.
 *
 * Differs from Keras: an unknown metric is an error, not a warning at each epoch; `auto` goes by the name; NaN and infinities never improve, where
 * Keras takes whatever comes first; and what was counted lives on in checkpoints.
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  checkOptions(WHERE, options, KNOWN);
  const settings = checkSettings(options);
  const { monitor, patience, restoreBestWeights, startFromEpoch } = settings;
  // Several of them in one training keep their weights apart.
  const slot = `earlyStopping-${++instances}`;
  let state = FRESH;
  let restored = false;
  let kept = false;

  const epochEnd = ({ epoch, logs }: EpochEnd): TrainingCommand[] => {
    const value = logs[monitor];
    if (value === undefined || epoch < startFromEpoch || state.stoppedEpoch !== null) return [];
    const wait = state.wait + 1;
    if (settings.improves(value, state.best)) {
      const beatsBaseline = settings.improves(value, settings.baseline);
      state = { ...state, wait: beatsBaseline ? 0 : wait, best: value, bestEpoch: epoch };
      kept ||= restoreBestWeights;
      return restoreBestWeights ? [{ type: 'keepWeights', slot }] : [];
    }
    const stop = wait >= patience;
    state = { ...state, wait, stoppedEpoch: stop ? epoch : null };
    return stop ? [{ type: 'stop', reason: reasonOf(settings, state) }] : [];
  };

  const trainEnd = (): TrainingCommand[] => {
    if (!restoreBestWeights || state.best === null || state.bestEpoch === null) return [];
    return kept ? [{ type: 'restoreWeights', slot }] : [weightsAreGone(monitor, state.best, state.bestEpoch)];
  };

  const answer = (event: TrainingEvent): TrainingCommand[] => {
    switch (event.type) {
      case 'trainBegin':
        checkMonitor(WHERE, monitor, event.metricNames);
        // A checkpoint's counts belong to the training that begins now; those of an earlier training do not. A stop it tells of is history.
        state = restored ? { ...state, stoppedEpoch: null } : FRESH;
        restored = kept = false;
        return [];
      case 'epochEnd':
        return epochEnd(event);
      case 'trainEnd':
        return trainEnd();
      default:
        return [];
    }
  };

  return defineCallback('earlyStopping', (events$) => events$.pipe(concatMap(answer)), {
    // A run whose metric never comes would train on to its end without anyone noticing.
    critical: true,
    state: () => ({ ...state }),
    restore: (json) => {
      state = stateOf(json);
      restored = true;
    },
  });
}

interface Settings {
  readonly monitor: string;
  readonly minDelta: number;
  readonly patience: number;
  readonly baseline: number | null;
  readonly restoreBestWeights: boolean;
  readonly startFromEpoch: number;
  readonly mode: 'min' | 'max';
  improves(value: number, reference: number | null): boolean;
}

function checkSettings(options: EarlyStoppingOptions): Settings {
  const {
    monitor = 'val_loss',
    minDelta = 0,
    patience = 0,
    baseline,
    restoreBestWeights = false,
    startFromEpoch = 0,
  } = options;
  if (typeof monitor !== 'string' || monitor === '') {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: WHERE,
      what: 'The option "monitor" has a value that cannot be used',
      expected: "a metric's name",
      received: describeValue(monitor),
      next: 'Give a key of the logs, as "val_loss", or leave it out.',
    });
  }
  checkNumber(WHERE, 'minDelta', minDelta, { min: 0 });
  checkNumber(WHERE, 'patience', patience, { min: 0, integer: true });
  checkNumber(WHERE, 'startFromEpoch', startFromEpoch, { min: 0, integer: true });
  if (baseline !== undefined) checkNumber(WHERE, 'baseline', baseline);
  checkBoolean(WHERE, 'restoreBestWeights', restoreBestWeights);
  const mode = modeOf(monitor, options.mode);
  const improves = (value: number, reference: number | null): boolean => {
    if (!Number.isFinite(value)) return false;
    if (reference === null) return true;
    return mode === 'min' ? value + minDelta < reference : value - minDelta > reference;
  };
  return {
    monitor,
    minDelta,
    patience,
    baseline: baseline ?? null,
    restoreBestWeights,
    startFromEpoch,
    mode,
    improves,
  };
}

function modeOf(monitor: string, option: EarlyStoppingOptions['mode'] = 'auto'): 'min' | 'max' {
  const mode = checkChoice(WHERE, 'mode', option, ['auto', 'min', 'max']);
  const direction = mode === 'auto' ? metricDirection(monitor) : mode;
  if (direction !== undefined) return direction;
  throw new GradstreamError('GS_CALLBACK_MODE', {
    where: WHERE,
    what: `The name "${monitor}" does not tell whether the metric is to fall or to rise`,
    expected: 'a name with a word such as loss, error or accuracy, or a mode',
    received: 'mode "auto"',
    next: 'Pass mode: "min" or mode: "max".',
  });
}

/** Why training stops, in words; epochs count from 1 as in the progress line. */
function reasonOf({ monitor, minDelta, mode, baseline, improves }: Settings, { wait, best, bestEpoch }: State): string {
  const epochs = wait === 1 ? '1 epoch' : `${wait} epochs`;
  const by = minDelta === 0 ? '' : ` by more than ${minDelta}`;
  if (best === null || bestEpoch === null) return `${monitor} has had no finite value for ${epochs}`;
  const level = `${numberText(best)} (epoch ${bestEpoch + 1})`;
  return improves(best, baseline)
    ? `${monitor} has not improved on ${level}${by} for ${epochs}`
    : `${monitor} has not got ${mode === 'min' ? 'below' : 'above'} the baseline ${baseline}${by} for ${epochs}; its best is ${level}`;
}

/** Weights are kept in memory by the trainer: those of an epoch before a resumption are not there. */
function weightsAreGone(monitor: string, best: number, epoch: number): TrainingCommand {
  return {
    type: 'report',
    diagnosis: {
      name: 'bestWeightsNotKept',
      severity: 'warning',
      message: `The best ${monitor} was ${numberText(best)} in epoch ${epoch + 1}, before training was resumed: its weights are not at hand, those of the last epoch stay`,
      evidence: { best, epoch },
      remedy: `Load the checkpoint of epoch ${epoch + 1}.`,
    },
  };
}

function stateOf(json: Json): State {
  const { wait, best, bestEpoch, stoppedEpoch } = Object(json) as Record<keyof State, unknown>;
  const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
  if (isNumber(wait) && [best, bestEpoch, stoppedEpoch].every((value) => value === null || isNumber(value))) {
    return { wait, best, bestEpoch, stoppedEpoch } as State;
  }
  throw new GradstreamError('GS_CALLBACK_STATE', {
    where: WHERE,
    what: 'The checkpoint holds a state that is none of this callback',
    expected: '{ wait, best, bestEpoch, stoppedEpoch }, numbers or null',
    received: describeValue(json),
    next: 'Give fit the callbacks that the checkpoint was made with, in the same order.',
  });
}
