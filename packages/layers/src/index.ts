export { apply, applyAll } from './apply.js';
export { cloneModel, type CloneOptions } from './clone-model.js';
export * from './activations/index.js';
export * from './attention/index.js';
export * from './convolution/index.js';
export * from './core/index.js';
export { customFunction, type CustomFunction } from './custom-function.js';
export { foreignPart } from './foreign-part.js';
export { model, type ModelOptions, type ModelTensors } from './functional-model.js';
export { fromKerasJson, type FromKerasOptions } from './keras/from-keras-json.js';
export { toKerasJson } from './keras/to-keras-json.js';
export type { BiasOptions, KernelOptions } from './kernel-and-bias-options.js';
export { layerFromConfig, type CustomParts, type LayerFactory } from './layer-from-config.js';
export { type LayerOptions } from './layer-options.js';
export type { CallContext, Layer, LayerBuild, LayerDtype, Mask, WeightSpec } from './layer.js';
export * from './merging/index.js';
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
export * from './normalization/index.js';
export { passMask } from './pass-mask.js';
export * from './pooling/index.js';
export * from './recurrent/index.js';
export * from './preprocessing/index.js';
export * from './regularization/index.js';
export * from './reshaping/index.js';
export { sequential, type SequentialOptions } from './sequential.js';
export { submodel, type SubmodelOptions } from './submodel.js';
export { summary } from './summary.js';
export type { PipeStep, SymbolicInputs, SymbolicTensor } from './symbolic-tensor.js';
export type { Weight } from './weight.js';
