export { apply, applyAll } from './apply.js';
export { cloneModel, type CloneOptions } from './clone-model.js';
export * from './core/index.js';
export { model, type ModelOptions, type ModelTensors } from './functional-model.js';
export { layerFromConfig, type CustomLayers, type LayerFactory } from './layer-from-config.js';
export { type LayerOptions } from './layer-options.js';
export type { CallContext, Layer, LayerBuild, LayerDtype, Mask, WeightSpec } from './layer.js';
export { modelFromConfig } from './model-from-config.js';
export type {
  ApplyOptions,
  Model,
  ModelBatch,
  ModelInput,
  ModelNode,
  ModelOutput,
  ModelResult,
  ParameterCount,
  RunOptions,
  SummaryOptions,
  TensorRef,
} from './model.js';
export { passMask } from './pass-mask.js';
export * from './recurrent/index.js';
export * from './regularization/index.js';
export * from './reshaping/index.js';
export { sequential, type SequentialOptions } from './sequential.js';
export { submodel, type SubmodelOptions } from './submodel.js';
export { summary } from './summary.js';
export type { PipeStep, SymbolicInputs, SymbolicTensor } from './symbolic-tensor.js';
export type { Weight } from './weight.js';
