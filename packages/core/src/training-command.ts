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

/** Ask for `statistics` events of a kind, every so many steps (0 ends it), with a histogram of so many buckets (0: none). */
export interface Observe {
  readonly type: 'observe';
  readonly kind: ObservedKind;
  readonly every: number;
  readonly buckets?: number;
}

/** Keep a copy of the weights in a slot; it replaces what the slot held. */
export interface KeepWeights {
  readonly type: 'keepWeights';
  readonly slot: string;
}

/** Put a slot's copy back into the model. */
export interface RestoreWeights {
  readonly type: 'restoreWeights';
  readonly slot: string;
}

/** Hand the weights to the checkpoint sink that `fit` was given. */
export interface SaveCheckpoint {
  readonly type: 'saveCheckpoint';
  readonly name: string;
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
  | Observe
  | KeepWeights
  | RestoreWeights
  | SaveCheckpoint
  | Hold
  | Report;
