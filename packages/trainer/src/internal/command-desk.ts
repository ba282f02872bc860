import { GradstreamError, describeValue, type TrainingCommand } from '@gradstream/core';
import { learningRateOf, withLearningRate } from '@gradstream/optimizers';
import { scalar, tidy, type Scalar } from '@tensorflow/tfjs-core';
import type { Observer } from './observer.js';
import { kept, type TrainingState } from './training-state.js';
import type { WeightSlots } from './weight-slots.js';

/** The commands that change something at once: all but those that the loop itself answers. */
export type DeskCommand = Exclude<TrainingCommand, { type: 'stop' | 'hold' | 'report' | 'saveCheckpoint' }>;

/** Carries out a command, between two steps. Throws `GS_TRAIN_COMMAND` for one that cannot be carried out. */
export async function carryOut(
  command: DeskCommand,
  state: TrainingState,
  slots: WeightSlots,
  observer: Observer,
): Promise<void> {
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
    case 'observe':
      return observer.request(command);
    case 'keepWeights':
      return slots.keep(command.slot);
    case 'restoreWeights':
      return slots.restore(command.slot);
    default:
      command satisfies never;
      throw refused(
        'command',
        'a command of the union TrainingCommand',
        describeValue((command as { type?: unknown }).type),
      );
  }
}

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

function refused(what: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_TRAIN_COMMAND', {
    where: 'trainer/fit',
    what: `The command "${what}" cannot be carried out`,
    expected,
    received,
    next: 'Mend the callback that sent it.',
  });
}
