import type { Callback } from '@gradstream/core';
import type { ArrayData } from './array-data.js';
import type { CheckpointStore } from './checkpoint/checkpoint-store.js';
import type { CheckpointSink } from './checkpoint-sink.js';
import type { BatchSource } from './internal/batch-source.js';
import type { ClassWeights } from './internal/class-weights.js';
import type { ValidationFrequency } from './internal/validation-schedule.js';
import type { SaveEvery } from './save-every.js';

/** Options of `fit`. One that does not go with the data is refused. */
export interface FitOptions {
  /** The epoch to stop before. Default: one epoch, or no limit where `maxSteps` or `maxTime` is given. */
  readonly epochs?: number;
  /** The epoch to start at, 0-based, to go on with earlier training. Default 0. */
  readonly initialEpoch?: number;
  /** Steps of an epoch; needed for data without end. Default: until the data ends. With it, an epoch goes on where the one before stopped. */
  readonly stepsPerEpoch?: number;
  /** Training steps of this run at most. The epoch in hand still has its validation and `epochEnd`. */
  readonly maxSteps?: number;
  /** Seconds of this run at most, without those in which it is paused; looked at between steps. */
  readonly maxTime?: number;
  /** Runs so many batches (true: 1) of training and of validation, once: to see that everything works. Default false. */
  readonly fastDevRun?: boolean | number;
  /** Trains, and validates where there is a validation, on the first so many batches alone, the same in every epoch: a network that works learns them by heart. */
  readonly overfitBatches?: number;
  /** Arrays: rows of a batch. Default 32. */
  readonly batchSize?: number;
  /** Arrays: gives the rows another order in each epoch. Default true. */
  readonly shuffle?: boolean;
  /** Arrays: what the order is drawn from. Default: the trainer's seed. */
  readonly seed?: number;
  /** Arrays: the share of the rows that is not trained but validated on, in [0, 1): the last ones, before rows are shuffled. */
  readonly validationSplit?: number;
  /** Batches or arrays to validate on: their means come as `val_loss` and so on, with regularization, without class weights. */
  readonly validationData?: BatchSource | ArrayData;
  /** Batches of a validation. Default: all. */
  readonly validationSteps?: number;
  /** Arrays: rows of a batch of a validation. Default: `batchSize`. */
  readonly validationBatchSize?: number;
  /** When to validate. Default: after every epoch. */
  readonly validationFrequency?: ValidationFrequency;
  /** How much each class counts in the loss and in weighted metrics, in training alone. Multiplied with sample weights, where Keras refuses both together. */
  readonly classWeight?: ClassWeights;
  /** Functions from events to commands. */
  readonly callbacks?: readonly Callback[];
  /** Steps between two reads of the running means from the device. Default `'auto'`: a few times a second. */
  readonly logEvery?: number | 'auto';
  /** Where checkpoints are kept: `folderCheckpoints(path)`, `browserCheckpoints(name)`, `memoryCheckpoints()`, or a store of one's own. */
  readonly checkpointStore?: CheckpointStore;
  /** When to write one by itself: `{ steps }`, `{ seconds }` or `{ epochs }` since the last, whichever comes first; also when training ends. Default: when a callback asks. */
  readonly saveEvery?: SaveEvery;
  /** Checkpoints of each name that stay, at least 2. Default 2. */
  readonly keepCheckpoints?: number;
  /**
   * The checkpoint to go on from, exactly: `'latest'` is the newest that is whole, and a start from the beginning where there is none. Model, optimizer, losses, metrics, seed
   * and data have to be those that it was made with. Default: none.
   */
  readonly resumeFrom?: string;
  /** Takes the weights alone when a callback asks for a checkpoint, in place of the store. */
  readonly checkpointSink?: CheckpointSink;
  /** Stops the run when it aborts, as `stop()` does: the run resolves to its history. */
  readonly signal?: AbortSignal;
}

/** Their names. */
export const fitOptionNames: readonly (keyof FitOptions)[] = [
  ...(['epochs', 'initialEpoch', 'stepsPerEpoch', 'maxSteps', 'maxTime', 'fastDevRun', 'overfitBatches'] as const),
  ...(['batchSize', 'shuffle', 'seed', 'validationSplit', 'validationData', 'validationSteps'] as const),
  ...(['validationBatchSize', 'validationFrequency', 'classWeight', 'callbacks', 'logEvery'] as const),
  ...(['checkpointStore', 'saveEvery', 'keepCheckpoints', 'resumeFrom', 'checkpointSink', 'signal'] as const),
];
