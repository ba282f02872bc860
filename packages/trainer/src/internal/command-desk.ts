import { describeValue, GradstreamError, type KeepWeights, type TrainingCommand } from '@gradstream/core';
import { learningRateOf, withLearningRate } from '@gradstream/optimizers';
import { scalar, tidy, type Scalar } from '@tensorflow/tfjs-core';
import type { BatchSource } from './batch-source.js';
import { setAccumulation } from './gradient-accumulation.js';
import { refreshStatistics } from './moving-statistics.js';
import type { Observer } from './observer.js';
import { kept, type TrainingState } from './training-state.js';
import type { Watch } from './watch.js';
import type { WeightSlots } from './weight-slots.js';

/** The commands that change something at once: all but those that the loop itself answers. */
export type DeskCommand = Exclude<
  TrainingCommand,
  { type: 'stop' | 'hold' | 'report' | 'saveCheckpoint' | 'removeCheckpoint' }
>;

/** What commands work on. */
export interface Desk {
  readonly state: TrainingState;
  readonly slots: WeightSlots;
  readonly observer: Observer;
  readonly watch: Watch;
  /** The training data, and the batches of an epoch where they are known. */
  readonly data: BatchSource;
  readonly stepsOfEpoch: number | null;
}

/** Carries out a command of a callback, between two steps. Throws `GS_TRAIN_COMMAND` for one that cannot be carried out. */
export async function carryOut(command: DeskCommand, from: string, desk: Desk): Promise<void> {
  const { state, slots, observer, watch } = desk;
  switch (command.type) {
    case 'setLearningRate':
      return setLearningRate(state, command.value);
    case 'scaleLearningRate': {
      const rate = await readLearningRate(state);
      if (rate === null) throw refused('scaleLearningRate', 'an optimizer with a learning rate', 'one without');
      return setLearningRate(state, Math.max(rate * command.factor, command.min ?? 0));
    }
    case 'setGradientClipping':
      // It would clip gradients of the scaled loss, and with them what tells the optimizer that a step is not finite.
      if (command.clipping !== null && state.optimizer.lossScale !== undefined)
        throw refused(
          'setGradientClipping',
          'an optimizer that clips on its own, or does not scale the loss',
          'a loss scale',
        );
      return state.setClipping(command.clipping);
    case 'setGradientAccumulation':
      return setAccumulation(state, count('setGradientAccumulation', command.steps));
    case 'observe': {
      const { kind } = command;
      return kind === 'loss' || kind === 'resources'
        ? watch.request(kind, from, command.every)
        : observer.request({ ...command, kind }, from);
    }
    case 'keepWeights':
      return slots.keep({ ...checkKeep(command), slot: ownSlot(from, command.slot) });
    case 'restoreWeights':
      return slots.restore(ownSlot(from, command.slot));
    case 'refreshStatistics': {
      const steps = command.steps === undefined ? desk.stepsOfEpoch : count('refreshStatistics', command.steps);
      await refreshStatistics(state, desk.data, steps);
      return;
    }
    default:
      command satisfies never;
      throw refused(
        'command',
        'a command of the union TrainingCommand',
        describeValue((command as { type?: unknown }).type),
      );
  }
}

/** A callback's slots are its own: two that call theirs the same do not get into each other's way. */
const ownSlot = (from: string, slot: string): string => `${from}/${slot}`;

/** The optimizer's learning rate, or null where it has none in its state. */
export async function readLearningRate(state: TrainingState): Promise<number | null> {
  const rate = learningRateOf(state.optimizerState);
  return rate === undefined ? null : (await rate.data())[0]!;
}

function setLearningRate(state: TrainingState, value: number): void {
  if (!Number.isFinite(value) || value < 0)
    throw refused('setLearningRate', 'a finite number, at least 0', describeValue(value));
  state.optimizerState = tidy(() => kept(withLearningRate(state.optimizerState, scalar(value) as Scalar)));
}

function checkKeep(command: KeepWeights): KeepWeights {
  const { share = 1, from = 'model' } = command;
  if (typeof share !== 'number' || !(share > 0 && share <= 1))
    throw refused('keepWeights', 'a share above 0, at most 1', describeValue(share));
  if (from !== 'model' && from !== 'averages')
    throw refused('keepWeights', 'from "model" or "averages"', describeValue(from));
  return command;
}

function count(command: string, steps: unknown): number {
  if (Number.isInteger(steps) && (steps as number) >= 1) return steps as number;
  throw refused(command, 'steps, an integer of at least 1', describeValue(steps));
}

function refused(what: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_TRAIN_COMMAND', {
    where: 'trainer/fit',
    what: `The command "${what}" cannot be carried out`,
    expected,
    received,
    next: 'Mend the callback that sent it.',
  });
}
