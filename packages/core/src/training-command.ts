import type { Logs } from './logs.js';
import type { Diagnosis, ObservedKind } from './training-event.js';

/** End training after the step in hand. */
export interface Stop {
  readonly type: 'stop';
  readonly reason: string;
}

/** Set the optimizer's learning rate. Refused where it follows a schedule. */
export interface SetLearningRate {
  readonly type: 'setLearningRate';
  readonly value: number;
}

/** Multiply the optimizer's learning rate, with a lower bound. */
export interface ScaleLearningRate {
  readonly type: 'scaleLearningRate';
  readonly factor: number;
  readonly min?: number;
}

/** Clip gradients before the optimizer sees them: each value, each weight's norm, or the norm of all together. Null ends it. */
export interface SetGradientClipping {
  readonly type: 'setGradientClipping';
  readonly clipping: { readonly by: 'value' | 'norm' | 'globalNorm'; readonly threshold: number } | null;
}

/** Let the optimizer see the mean of the gradients of so many steps (1: of each). Gradients that wait are used at once, as a step of fewer. */
export interface SetGradientAccumulation {
  readonly type: 'setGradientAccumulation';
  readonly steps: number;
}

/**
 * Ask for what is not stated otherwise, every so many steps (0 ends it): `statistics` events of a kind of tensor, with a histogram of so many buckets
 * (0: none), `resources` events, or with `loss` the own loss of a step's batch in its `stepEnd`. `nonFinite` asks for the event of that name: every so many
 * steps, and when an epoch ends, the loss of all steps since is looked at, and all that the step in hand computes and changes. Where something is not finite, the steps since
 * are taken again from a copy of the weights, each under a close look, until the first that made it. Each callback has a request of its own for each kind; all callbacks see
 * what any of them asked for.
 */
export interface Observe {
  readonly type: 'observe';
  readonly kind: ObservedKind | 'loss' | 'resources' | 'nonFinite';
  readonly every: number;
  readonly buckets?: number;
  /** Of activations and targets: observed steps after which `deadFraction` and `constantFraction` tell of all of them together. Default 0: never. */
  readonly window?: number;
}

/** Keep a copy of the weights in a slot of the callback's own; it replaces what the slot held. */
export interface KeepWeights {
  readonly type: 'keepWeights';
  readonly slot: string;
  /** The model's weights, or the running means that the optimizer keeps of those that train (`useEma`). Default `model`. */
  readonly from?: 'model' | 'averages';
  /** Moves what the slot holds towards the weights by this share, above 0 and at most 1; an empty slot takes all. Default 1: replaces it. */
  readonly share?: number;
  /** Keeps the optimizer's state and the number of steps as well, and the same of what a step of one's own trains beside the model, so that `restoreWeights` undoes training. Default false. */
  readonly optimizer?: boolean;
}

/** Put a slot's copy back into the model, with the optimizer's state where that was kept. The slot keeps it. */
export interface RestoreWeights {
  readonly type: 'restoreWeights';
  readonly slot: string;
}

/**
 * Set the moving statistics of batch normalization to the plain means over so many batches of the training data, in a pass of its own that trains
 * nothing. Default: an epoch's batches.
 */
export interface RefreshStatistics {
  readonly type: 'refreshStatistics';
  readonly steps?: number;
}

/**
 * Write a checkpoint of this name into the store that `fit` was given, between two steps: it holds all that a run needs to go on exactly. Where `fit` has a checkpoint sink,
 * hand it the weights instead.
 */
export interface SaveCheckpoint {
  readonly type: 'saveCheckpoint';
  readonly name: string;
  /** The weights alone, or all that it takes to go on with training. Default: what there is a place for. */
  readonly contents?: 'weights' | 'all';
}

/** Take away what was saved under this name. A store does so between two steps, when two other checkpoints are there that are whole. */
export interface RemoveCheckpoint {
  readonly type: 'removeCheckpoint';
  readonly name: string;
  /** What it held, as in `saveCheckpoint`. */
  readonly contents?: 'weights' | 'all';
}

/** Wait with the next step until the promise is settled: a slow sink slows training down, memory does not grow. A rejection fails the callback. */
export interface Hold {
  readonly type: 'hold';
  readonly until: Promise<unknown>;
}

/** State a diagnosis: it comes out as an event. */
export interface Report {
  readonly type: 'report';
  readonly diagnosis: Omit<Diagnosis, 'type' | 'time'> & { readonly evidence: Logs };
}

/** Everything that a callback can ask for, told apart by `type`. Applied between steps. */
export type TrainingCommand =
  | Stop
  | SetLearningRate
  | ScaleLearningRate
  | SetGradientClipping
  | SetGradientAccumulation
  | Observe
  | KeepWeights
  | RestoreWeights
  | RefreshStatistics
  | SaveCheckpoint
  | RemoveCheckpoint
  | Hold
  | Report;
