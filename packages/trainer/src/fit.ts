import { checkNumber, checkOptions, startRun, type Callback, type Run, type TrainingEvent } from '@gradstream/core';
import type { CheckpointSink } from './checkpoint-sink.js';
import type { History } from './history.js';
import { checkSource, passSize, type BatchSource } from './internal/batch-source.js';
import { checkCallbacks } from './internal/inbox.js';
import { TrainingLoop } from './internal/training-loop.js';
import type { TrainingState } from './internal/training-state.js';

/** Options of `fit`. */
export interface FitOptions {
  /** The epoch to stop before. Default 1. */
  readonly epochs?: number;
  /** The epoch to start at, 0-based, to go on with earlier training. Default 0. */
  readonly initialEpoch?: number;
  /** Steps of an epoch; needed for data without end. Default: until the data ends. With it, an epoch goes on where the one before stopped. */
  readonly stepsPerEpoch?: number;
  /** Batches to validate on after each epoch: their means come as `val_loss` and so on. */
  readonly validationData?: BatchSource;
  /** Batches of a validation. Default: all. */
  readonly validationSteps?: number;
  /** Functions from events to commands. */
  readonly callbacks?: readonly Callback[];
  /** Steps between two reads of the running means from the device. Default `'auto'`: a few times a second. */
  readonly logEvery?: number | 'auto';
  /** Takes the weights when a callback asks for a checkpoint. */
  readonly checkpointSink?: CheckpointSink;
}

const NAMES = [
  'epochs',
  'initialEpoch',
  'stepsPerEpoch',
  'validationData',
  'validationSteps',
  'callbacks',
  'logEvery',
  'checkpointSink',
] as const;

/** Trains a model on batches, as a run. `done` is called when the loop has ended, whatever the way. */
export function fit(
  state: TrainingState,
  data: BatchSource,
  options: FitOptions,
  done: () => void,
): Run<TrainingEvent, History> {
  const where = 'trainer/fit';
  checkSource(where, 'The data', data);
  checkOptions(where, options, NAMES);
  const { callbacks = [], validationData, logEvery = 'auto', checkpointSink } = options;
  const count = (name: keyof FitOptions, min: number): number | undefined =>
    options[name] === undefined ? undefined : checkNumber(where, name, options[name], { min, integer: true });
  const initialEpoch = count('initialEpoch', 0) ?? 0;
  checkCallbacks(where, callbacks);
  if (validationData !== undefined) checkSource(where, 'The validation data', validationData);
  const stepsPerEpoch = count('stepsPerEpoch', 1);
  const validationSteps = count('validationSteps', 1);
  if (validationData !== undefined) passSize(where, validationData, validationSteps, 'validationSteps');
  const plan = {
    initialEpoch,
    epochs: checkNumber(where, 'epochs', options.epochs ?? initialEpoch + 1, { min: initialEpoch + 1, integer: true }),
    stepsPerEpoch,
    stepsOfEpoch: passSize(where, data, stepsPerEpoch, 'stepsPerEpoch', true),
    validationSteps,
    logEvery: logEvery === 'auto' ? logEvery : checkNumber(where, 'logEvery', logEvery, { min: 1, integer: true }),
    validationData,
    checkpointSink,
  };
  return startRun(async ({ emit, signal }) => {
    const loop = new TrainingLoop(state, data, plan, callbacks, emit, signal);
    try {
      return await loop.run();
    } finally {
      await loop.dispose();
      done();
    }
  });
}
