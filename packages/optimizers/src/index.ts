// The public names of @gradstream/optimizers: names only, one export a line.
export { accumulateMomentum, type AccumulateMomentumOptions } from './accumulate-momentum.js';
export { adam, type AdamOptions } from './adam.js';
export { adamW, type AdamWOptions } from './adam-w.js';
export { addDecayedWeights, type AddDecayedWeightsOptions } from './add-decayed-weights.js';
export { chain } from './chain.js';
export { clipByGlobalNorm } from './clip-by-global-norm.js';
export { clipByNorm } from './clip-by-norm.js';
export { clipByValue } from './clip-by-value.js';
export { disposeState } from './dispose-state.js';
export { eachTensor } from './each-tensor.js';
export type {
  Finish,
  GradientTransformation,
  OptimizerState,
  ScaledTensors,
  ScaledUpdate,
  Tensors,
  Update,
  Variables,
} from './gradient-transformation.js';
export { learningRateOf } from './learning-rate-of.js';
export { optimizer } from './optimizer.js';
export type { OptimizerOptions } from './optimizer-options.js';
export { rmsprop, type RmspropOptions } from './rmsprop.js';
export { scaleByAdam, type ScaleByAdamOptions } from './scale-by-adam.js';
export { scaleByLearningRate } from './scale-by-learning-rate.js';
export { scaleByRms, type ScaleByRmsOptions } from './scale-by-rms.js';
export { sgd, type SgdOptions } from './sgd.js';
export { stateFrom } from './state-from.js';
export { stateTensors } from './state-tensors.js';
export { withLearningRate } from './with-learning-rate.js';
export type { Schedule } from './schedules/schedule.js';
