import {
  checkBoolean,
  checkNumber,
  checkOptions,
  defineCallback,
  type Callback,
  type EpochEnd,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap } from 'rxjs';
import { monitorOf, type Monitor, type MonitorOptions } from './internal/monitor.js';
import { numberText } from './internal/number-text.js';
import { TrainingMemory } from './internal/training-memory.js';

/** Options of `earlyStopping`, as in Keras. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without improvement that are borne before training stops; 0 and 1 both stop at the first one. Default 0. */
  readonly patience?: number;
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
type State = Readonly<Record<'bestEpoch' | 'best' | 'stoppedEpoch', number | null>> & { readonly wait: number };

const FRESH: State = { wait: 0, best: null, bestEpoch: null, stoppedEpoch: null };
/** Where the best weights wait. */
const SLOT = 'best';

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
  const { patience = 0, restoreBestWeights = false, startFromEpoch = 0 } = options;
  const monitor = monitorOf(WHERE, options);
  checkNumber(WHERE, 'patience', patience, { min: 0, integer: true });
  checkNumber(WHERE, 'startFromEpoch', startFromEpoch, { min: 0, integer: true });
  const baseline = options.baseline === undefined ? null : checkNumber(WHERE, 'baseline', options.baseline);
  checkBoolean(WHERE, 'restoreBestWeights', restoreBestWeights);
  const memory = new TrainingMemory<State>(WHERE, FRESH);
  let kept = false;

  const epochEnd = ({ epoch, logs }: EpochEnd): TrainingCommand[] => {
    const value = logs[monitor.name];
    const { best, stoppedEpoch } = memory.value;
    if (value === undefined || epoch < startFromEpoch || stoppedEpoch !== null) return [];
    const wait = memory.value.wait + 1;
    if (monitor.improves(value, best)) {
      memory.set({ wait: monitor.improves(value, baseline) ? 0 : wait, best: value, bestEpoch: epoch });
      kept ||= restoreBestWeights;
      return restoreBestWeights ? [{ type: 'keepWeights', slot: SLOT }] : [];
    }
    const stop = wait >= patience;
    memory.set({ wait, stoppedEpoch: stop ? epoch : null });
    return stop ? [{ type: 'stop', reason: reasonOf(monitor, baseline, memory.value) }] : [];
  };

  const trainEnd = (): TrainingCommand[] => {
    const { best, bestEpoch } = memory.value;
    if (!restoreBestWeights || best === null || bestEpoch === null) return [];
    return kept ? [{ type: 'restoreWeights', slot: SLOT }] : [weightsAreGone(monitor.name, best, bestEpoch)];
  };

  const answer = (event: TrainingEvent): TrainingCommand[] => {
    switch (event.type) {
      case 'trainBegin':
        monitor.check(event.metricNames);
        // A stop that a checkpoint tells of is history. The weights that were kept are in it too.
        if (memory.begin()) {
          memory.set({ stoppedEpoch: null });
          kept = restoreBestWeights && event.resumed !== undefined && memory.value.best !== null;
        } else kept = false;
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
    ...memory.traits,
  });
}

/** Why training stops, in words; epochs count from 1 as in the progress line. */
function reasonOf(
  { name, minDelta, mode, improves }: Monitor,
  baseline: number | null,
  { wait, best, bestEpoch }: State,
): string {
  const epochs = wait === 1 ? '1 epoch' : `${wait} epochs`;
  const by = minDelta === 0 ? '' : ` by more than ${minDelta}`;
  if (best === null || bestEpoch === null) return `${name} has had no finite value for ${epochs}`;
  const level = `${numberText(best)} (epoch ${bestEpoch + 1})`;
  return improves(best, baseline)
    ? `${name} has not improved on ${level}${by} for ${epochs}`
    : `${name} has not got ${mode === 'min' ? 'below' : 'above'} the baseline ${baseline}${by} for ${epochs}; its best is ${level}`;
}

/** Where the counts were put back by somebody else than `fit`, the kept weights are not there. */
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
