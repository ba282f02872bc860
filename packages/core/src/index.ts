export type { ByteSink } from './byte-sink.js';
export { defineCallback, type Callback, type CallbackTraits } from './callback.js';
export {
  checkBoolean,
  checkChoice,
  checkFunction,
  checkNumber,
  checkOptions,
  checkSeed,
  type NumberRange,
} from './check-options.js';
export { isConfig, type Config, type Json } from './config.js';
export { checkSignal } from './check-signal.js';
export { describeValue } from './describe-value.js';
export { fromKerasConfig } from './from-keras-config.js';
export { GradstreamError, isGradstreamError, type ErrorCode, type GradstreamErrorDetails } from './gradstream-error.js';
export { sizeOf, type HostArray, type HostDtype, type HostValues } from './host-array.js';
export type { KerasTables } from './keras-tables.js';
export type { Logs } from './logs.js';
export { lookup, type LookupOptions } from './lookup.js';
export type { LayerFacts, ModelFacts, OutputFacts, WeightFacts } from './model-facts.js';
export { ofType } from './of-type.js';
export { philox4x32 } from './philox.js';
export { foldIn, randomKey, splitKey, type RandomKey } from './random-key.js';
export { normalValues, randomBits, uniformValues } from './random-values.js';
export { nextMacrotask, startRun, type Run, type RunContext, type StartRunOptions } from './run.js';
export { describeShape, type Shape } from './shape.js';
export type { NotRecorded, RecordedStep, StepRecorder } from './step-recorder.js';
export { suggest } from './suggest.js';
export { toKerasConfig, type KerasConfig } from './to-keras-config.js';
export type {
  Hold,
  KeepWeights,
  Observe,
  RefreshStatistics,
  RemoveCheckpoint,
  Report,
  RestoreWeights,
  SaveCheckpoint,
  ScaleLearningRate,
  SetGradientAccumulation,
  SetGradientClipping,
  SetLearningRate,
  Stop,
  TrainingCommand,
} from './training-command.js';
export type {
  CallbackFailed,
  CheckpointSaved,
  Diagnosis,
  EndReason,
  EpochBegin,
  EpochEnd,
  NonFinite,
  ObservedKind,
  Resources,
  Statistics,
  StepEnd,
  TensorStatistics,
  Timed,
  TrainBegin,
  TrainEnd,
  TrainingEvent,
  TrainPaused,
  TrainResumed,
  ValidationBegin,
  ValidationEnd,
} from './training-event.js';
export { inverseDocumentFrequency, ordinaryTokens, rankTokens, type Token } from './vocabulary.js';
export { yieldToHost } from './yield-to-host.js';
export type { DatasetEvent, ExportEvent, InferenceEvent, WorkEvent } from './work-event.js';
