import type { Logs } from './logs.js';
import type { ModelFacts } from './model-facts.js';

/** When a fact happened: milliseconds since 1970, with fractions. */
export interface Timed {
  readonly time: number;
}

/** Training starts. Sent once, before the first epoch. */
export interface TrainBegin extends Timed {
  readonly type: 'trainBegin';
  /** The epoch that training stops before (Infinity where steps or time alone limit it), and the one it starts at (0-based). */
  readonly epochs: number;
  readonly initialEpoch: number;
  /** Steps of an epoch; null where the dataset does not tell before its end. */
  readonly stepsPerEpoch: number | null;
  /** The keys that `epochEnd.logs` will have, validation included: what can be monitored. */
  readonly metricNames: readonly string[];
  readonly model: ModelFacts;
  /** In a run that goes on from a checkpoint: its name, and where that was, `step` counting the steps that are done of `epoch`. */
  readonly resumed?: { readonly checkpoint: string; readonly epoch: number; readonly step: number };
  /** Training steps done before, over all epochs: the index of the first step. */
  readonly globalStep: number;
  /** The optimizer's learning rate; null where the optimizer has none. */
  readonly learningRate: number | null;
}

/** An epoch starts (0-based). */
export interface EpochBegin extends Timed {
  readonly type: 'epochBegin';
  readonly epoch: number;
  /** Training steps done so far, over all epochs: the index of the epoch's first step. */
  readonly globalStep: number;
  /** The optimizer's learning rate as the epoch starts; null where the optimizer has none. */
  readonly learningRate: number | null;
}

/** A training step is done. */
export interface StepEnd extends Timed {
  readonly type: 'stepEnd';
  readonly epoch: number;
  /** 0-based, inside the epoch. */
  readonly step: number;
  /** The step's index, 0-based, over all epochs of the model's training. */
  readonly globalStep: number;
  /** Samples in the batch. */
  readonly batchSize: number;
  /** Running means since the epoch's start, on the steps at which they were read from the device. */
  readonly logs?: Logs;
  /** The loss of this batch alone, on the steps for which an `observe` command asked for it. */
  readonly loss?: number;
}

/** The numbers that describe one tensor. `histogram` has `counts[i]` values in `[edges[i], edges[i + 1])`, the last edge included. */
export interface TensorStatistics {
  /** Number of elements. */
  readonly size: number;
  /** Euclidean norm. */
  readonly norm: number;
  readonly mean: number;
  /** Standard deviation of the population. */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
  /** Share of elements that are exactly zero, 0 to 1. */
  readonly zeroFraction: number;
  readonly histogram?: { readonly edges: readonly number[]; readonly counts: readonly number[] };
  /**
   * Of the output of a sigmoid or tanh: share of elements where the activation's slope is below a twentieth of its steepest, 0 to 1. Such elements hand on
   * almost no gradient.
   */
  readonly saturatedFraction?: number;
  /** At the end of a window that `observe` asked for: share of units (places on the last axis) that were 0 on every sample of the window's observed steps. */
  readonly deadFraction?: number;
  /** At the end of such a window: share of units that had one and the same value on every sample. */
  readonly constantFraction?: number;
}

/**
 * What can be observed. `gradients` are those of the loss, `clippedGradients` what a `setGradientClipping` command made of them (the same where there is none).
 */
export type ObservedKind =
  | 'weights'
  | 'gradients'
  | 'clippedGradients'
  | 'updates'
  | 'activations'
  | 'inputs'
  | 'targets';

/** Statistics that an `observe` command asked for, by weight path, layer name, or the name of an input or output. */
export interface Statistics extends Timed {
  readonly type: 'statistics';
  readonly kind: ObservedKind;
  readonly epoch: number;
  /** The step that was observed, as in its `stepEnd`. */
  readonly globalStep: number;
  readonly tensors: Readonly<Record<string, TensorStatistics>>;
}

/** What training holds, that an `observe` command asked for. Bytes are null where the host does not tell. */
export interface Resources extends Timed {
  readonly type: 'resources';
  readonly epoch: number;
  /** The step that was done before, as in its `stepEnd`. */
  readonly globalStep: number;
  /** Tensors that are alive, and their bytes, between two steps. */
  readonly tensors: number;
  readonly tensorBytes: number;
  /** Bytes of JavaScript's heap that are in use. */
  readonly heapBytes: number | null;
  /** Bytes of memory that the process has. */
  readonly processBytes: number | null;
}

/** The first numbers of a training that were not finite: NaN or infinite. Looked for where an `observe` command asked for it, sent once. */
export interface NonFinite extends Timed {
  readonly type: 'nonFinite';
  readonly epoch: number;
  /** The step in which they came up, as in its `stepEnd`; the event may come some steps later. */
  readonly globalStep: number;
  /**
   * Where the step is not known, the first one that it may have been: the loss was not finite, and the steps since, taken again, all were. A function of one's own does that
   * which does not give the same for the same.
   */
  readonly earliest?: number;
  /** What they were found in first, in the order of a step: `inputs`, `targets`, `activations`, `loss`, `gradients`, `weights` (after the step). */
  readonly kind: 'inputs' | 'targets' | 'activations' | 'loss' | 'gradients' | 'weights';
  /** The input, output, layer or weight. Of gradients the last layer's come first, as in back-propagation. */
  readonly name: string;
}

/** Validation inside training starts. */
export interface ValidationBegin extends Timed {
  readonly type: 'validationBegin';
  readonly epoch: number;
}

/** Validation inside training is done; the logs have no `val_` prefix. */
export interface ValidationEnd extends Timed {
  readonly type: 'validationEnd';
  readonly epoch: number;
  /** Training steps done so far, over all epochs. */
  readonly globalStep: number;
  readonly logs: Logs;
}

/** An epoch is done: training means, and validation's with the prefix `val_`. */
export interface EpochEnd extends Timed {
  readonly type: 'epochEnd';
  readonly epoch: number;
  /** Steps that the epoch really had. */
  readonly steps: number;
  /** Training steps done so far, over all epochs. */
  readonly globalStep: number;
  readonly logs: Logs;
  /** The optimizer's learning rate after the epoch; null where the optimizer has none. */
  readonly learningRate: number | null;
}

/** The run waits: `pause()` was called. Commands are carried out all the same. */
export interface TrainPaused extends Timed {
  readonly type: 'trainPaused';
  readonly epoch: number;
  /** Training steps done so far, over all epochs. */
  readonly globalStep: number;
}

/** The run goes on: `resume()` was called, or it is to stop. */
export interface TrainResumed extends Timed {
  readonly type: 'trainResumed';
  readonly epoch: number;
  /** Training steps done so far, over all epochs. */
  readonly globalStep: number;
}

/** Something a user should know, with a remedy. */
export interface Diagnosis extends Timed {
  readonly type: 'diagnosis';
  /** What was found, for example `nonFiniteLoss`. */
  readonly name: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  /** The numbers that led to it. */
  readonly evidence: Logs;
  /** What to try. */
  readonly remedy: string;
}

/** A checkpoint is where it is safe: in the store, or the sink was done with the weights. */
export interface CheckpointSaved extends Timed {
  readonly type: 'checkpointSaved';
  readonly epoch: number;
  /** Training steps done so far, over all epochs. */
  readonly globalStep: number;
  /** Where that is, in words of the store or sink: a path, a key. */
  readonly location: string;
}

/** A callback threw or its stream failed: it was dropped, the others go on. */
export interface CallbackFailed extends Timed {
  readonly type: 'callbackFailed';
  readonly callback: string;
  readonly message: string;
}

/** Why training ended. */
export type EndReason = 'completed' | 'stopped' | 'callback' | 'failed';

/** Training ended. Sent once, last; commands that answer it (restore, hold, report) are still applied. */
export interface TrainEnd extends Timed {
  readonly type: 'trainEnd';
  readonly reason: EndReason;
  /** Who asked and why, or the error's message. */
  readonly message: string;
  /** Epochs that were finished. */
  readonly epochs: number;
  /** The last epoch's logs. */
  readonly logs: Logs;
}

/** Everything that training states, told apart by `type`. Plain data: no tensor, no model. */
export type TrainingEvent =
  | TrainBegin
  | EpochBegin
  | StepEnd
  | Statistics
  | Resources
  | NonFinite
  | ValidationBegin
  | ValidationEnd
  | EpochEnd
  | TrainPaused
  | TrainResumed
  | Diagnosis
  | CheckpointSaved
  | CallbackFailed
  | TrainEnd;
