export * as activations from '@gradstream/activations';
export { registerGradients } from '@gradstream/autodiff';
export { formatDoctor, memoryReport } from '@gradstream/backends';
export * as callbacks from '@gradstream/callbacks';
export {
  defineCallback,
  GradstreamError,
  ofType,
  type Callback,
  type Run,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
export * as datasets from '@gradstream/datasets';
export * as initializers from '@gradstream/initializers';
export * as layers from '@gradstream/layers';
export {
  apply,
  applyAll,
  cloneModel,
  customFunction,
  fromKerasJson,
  input,
  layerFromConfig,
  model,
  modelFromConfig,
  sequential,
  submodel,
  toKerasJson,
  type Layer,
  type Model,
  type SymbolicTensor,
} from '@gradstream/layers';
export * as losses from '@gradstream/objectives/losses';
export * as metrics from '@gradstream/objectives/metrics';
export * as optimizers from '@gradstream/optimizers';
export * as regularizers from '@gradstream/regularizers';
export * as constraints from '@gradstream/regularizers/constraints';
export * as schedules from '@gradstream/optimizers/schedules';
export { backendPlugins, doctor, useBackend } from './use-backend.js';
export {
  backupAndRestore,
  browserCheckpoints,
  compile,
  memoryCheckpoints,
  readCheckpoint,
  type ArrayData,
  type CheckpointStore,
  type CompileOptions,
  type CustomStep,
  type FitOptions,
  type History,
  type StoredCheckpoint,
  type Trainer,
  type TrainingRun,
} from '@gradstream/trainer';
