export type { ArrayData, NestedNumbers, NumberArray, NumberFields, Numbers } from './array-data.js';
export { backupAndRestore, type BackupAndRestoreOptions } from './backup-and-restore.js';
export { browserCheckpoints, type BrowserFile, type BrowserFolder } from './checkpoint/browser-checkpoints.js';
export type { CheckpointFile, CheckpointStore } from './checkpoint/checkpoint-store.js';
export { memoryCheckpoints } from './checkpoint/memory-checkpoints.js';
export { readCheckpoint, type StoredCheckpoint } from './checkpoint/read-checkpoint.js';
export type { Checkpoint, CheckpointSink } from './checkpoint-sink.js';
export {
  compile,
  type CompileOptions,
  type CustomStepOptions,
  type LossOptions,
  type TrainingOptions,
} from './compile.js';
export type { CustomStep, OtherModel, StepBatch, StepNumbers, StepTools, TensorFields } from './custom-step.js';
export type { EvaluateOptions } from './evaluate.js';
export type { FitOptions } from './fit-options.js';
export type { History } from './history.js';
export type { BatchSource } from './internal/batch-source.js';
export type { ClassWeight, ClassWeights } from './internal/class-weights.js';
export type { SaveEvery } from './save-every.js';
export type { MetricSpec } from './internal/named-metrics.js';
export type { Precision, PrecisionBackend } from './internal/precision.js';
export type { ValidationFrequency } from './internal/validation-schedule.js';
export type { TrainOnBatchOptions } from './on-batch.js';
export type { PredictOptions } from './predict.js';
export type { Trainer } from './trainer.js';
export type { TrainingRun } from './training-run.js';
