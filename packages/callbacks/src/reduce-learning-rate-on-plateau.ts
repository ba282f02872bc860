import {
  checkNumber,
  checkOptions,
  defineCallback,
  type Callback,
  type EpochEnd,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap } from 'rxjs';
import { monitorOf, type MonitorOptions } from './internal/monitor.js';
import { numberText } from './internal/number-text.js';
import { TrainingMemory } from './internal/training-memory.js';

/** Options of `reduceLearningRateOnPlateau`, as in Keras. `minDelta` is 0.0001 by default. */
export interface ReduceLearningRateOnPlateauOptions extends MonitorOptions {
  /** What the learning rate is multiplied with, above 0 and below 1. Default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement that are borne before the rate is reduced; 0 and 1 are the same. Default 10. */
  readonly patience?: number;
  /** Epochs after a reduction in which none is counted. Default 0. */
  readonly cooldown?: number;
  /** The rate is not reduced below this. Default 0. */
  readonly minLearningRate?: number;
}

const WHERE = 'callbacks/reduceLearningRateOnPlateau';
const KNOWN = ['monitor', 'mode', 'minDelta', 'factor', 'patience', 'cooldown', 'minLearningRate'];

/** What a checkpoint holds. */
interface State extends Readonly<Record<string, number | null>> {
  readonly best: number | null;
  readonly wait: number;
  /** Epochs of the cooldown that are left. */
  readonly cooldown: number;
}

/**
 * Multiplies the learning rate with a factor when a metric has stopped improving, with the semantics of Keras' `ReduceLROnPlateau`, and says so as the
 * diagnosis `learningRateReduced`.
 *
 * Epochs without the metric are not counted. Throws `GS_OPTION_*` for options that cannot be used and `GS_CALLBACK_MODE` where the name does not tell the
 * mode. When training begins it ends the run with `GS_CALLBACK_MONITOR` if the metric will never come; it fails during training under an optimizer that has
 * no learning rate or follows a schedule.
 *
 * Differs from Keras: NaN and infinities never improve; what was counted lives on in checkpoints; the rate is in `epochEnd.learningRate`, not in the logs.
 */
export function reduceLearningRateOnPlateau(options: ReduceLearningRateOnPlateauOptions = {}): Callback {
  checkOptions(WHERE, options, KNOWN);
  const monitor = monitorOf(WHERE, options, 1e-4);
  const factor = checkNumber(WHERE, 'factor', options.factor ?? 0.1, { min: 0, max: 1, exclusive: 'both' });
  const patience = checkNumber(WHERE, 'patience', options.patience ?? 10, { min: 0, integer: true });
  const cooldown = checkNumber(WHERE, 'cooldown', options.cooldown ?? 0, { min: 0, integer: true });
  const least = checkNumber(WHERE, 'minLearningRate', options.minLearningRate ?? 0, { min: 0 });
  const memory = new TrainingMemory<State>(WHERE, { best: null, wait: 0, cooldown: 0 });

  const epochEnd = ({ logs, learningRate }: EpochEnd): TrainingCommand[] => {
    const value = logs[monitor.name];
    if (value === undefined) return [];
    const { best } = memory.value;
    const cooling = memory.value.cooldown > 0;
    if (cooling) memory.set({ cooldown: memory.value.cooldown - 1, wait: 0 });
    if (monitor.improves(value, best)) {
      memory.set({ best: value, wait: 0 });
      return [];
    }
    if (memory.value.cooldown > 0) return [];
    const wait = memory.value.wait + 1;
    memory.set({ wait });
    // The rate is a float32 on the device, and so is its lower bound there.
    if (wait < patience || (learningRate !== null && learningRate <= Math.fround(least))) return [];
    memory.set({ wait: 0, cooldown });
    const commands: TrainingCommand[] = [{ type: 'scaleLearningRate', factor, min: least }];
    if (learningRate !== null)
      commands.push(
        reduced(monitor.name, best, { from: learningRate, to: Math.max(learningRate * factor, least), wait }),
      );
    return commands;
  };

  const answer = (event: TrainingEvent): TrainingCommand[] => {
    if (event.type === 'epochEnd') return epochEnd(event);
    if (event.type !== 'trainBegin') return [];
    monitor.check(event.metricNames);
    memory.begin();
    return [];
  };
  return defineCallback('reduceLearningRateOnPlateau', (events$) => events$.pipe(concatMap(answer)), {
    // A run whose metric never comes would train on to its end without anyone noticing.
    critical: true,
    ...memory.traits,
  });
}

function reduced(
  monitor: string,
  best: number | null,
  { from, to, wait }: { readonly from: number; readonly to: number; readonly wait: number },
): TrainingCommand {
  const level = best === null ? 'has had no finite value' : `has not improved on ${numberText(best)}`;
  return {
    type: 'report',
    diagnosis: {
      name: 'learningRateReduced',
      severity: 'info',
      message: `${monitor} ${level} for ${wait === 1 ? '1 epoch' : `${wait} epochs`}: the learning rate goes from ${numberText(from)} to ${numberText(to)}`,
      evidence: { from, to, ...(best === null ? {} : { best }) },
      remedy: 'Nothing is to be done.',
    },
  };
}
