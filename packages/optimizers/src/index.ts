// The public names of @gradstream/optimizers: names only, one export a line.
export { accumulateGradients } from './accumulate-gradients.js';
export { accumulateMomentum, type AccumulateMomentumOptions } from './accumulate-momentum.js';
export { adadelta, type AdadeltaOptions } from './adadelta.js';
export { adafactor, type AdafactorOptions } from './adafactor.js';
export { adagrad, type AdagradOptions } from './adagrad.js';
export { adam, type AdamOptions } from './adam.js';
export { adamW, type AdamWOptions } from './adam-w.js';
export { adamax, type AdamaxOptions } from './adamax.js';
export { addDecayedWeights, type AddDecayedWeightsOptions } from './add-decayed-weights.js';
export { averageWeights, type AverageWeightsOptions } from './average-weights.js';
export { byPattern, type WeightGroup } from './by-pattern.js';
export { chain } from './chain.js';
export { clipByGlobalNorm } from './clip-by-global-norm.js';
export { clipByNorm } from './clip-by-norm.js';
export { clipByRms } from './clip-by-rms.js';
export { clipByValue } from './clip-by-value.js';
export { disposeState } from './dispose-state.js';
export { eachTensor } from './each-tensor.js';
export { emaWeights } from './ema-weights.js';
export { followRegularizedLeader, type FollowRegularizedLeaderOptions } from './follow-regularized-leader.js';
export { freeze } from './freeze.js';
export { ftrl, type FtrlOptions } from './ftrl.js';
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
export { lamb, type LambOptions } from './lamb.js';
export { learningRateOf } from './learning-rate-of.js';
export { lion, type LionOptions } from './lion.js';
export { lookahead, type LookaheadOptions } from './lookahead.js';
export { lossScale, type LossScaleOptions } from './loss-scale.js';
export { muon, type MuonOptions } from './muon.js';
export { nadam, type NadamOptions } from './nadam.js';
export { optimizer } from './optimizer.js';
export type { OptimizerOptions } from './optimizer-options.js';
export { orthogonalizeMomentum, type OrthogonalizeMomentumOptions } from './orthogonalize-momentum.js';
export { partition } from './partition.js';
export { rmsprop, type RmspropOptions } from './rmsprop.js';
export { scaleBy } from './scale-by.js';
export { scaleByAdadelta, type ScaleByAdadeltaOptions } from './scale-by-adadelta.js';
export { scaleByAdagrad, type ScaleByAdagradOptions } from './scale-by-adagrad.js';
export { scaleByAdam, type ScaleByAdamOptions } from './scale-by-adam.js';
export { scaleByAdamax, type ScaleByAdamaxOptions } from './scale-by-adamax.js';
export { scaleByFactoredRms, type ScaleByFactoredRmsOptions } from './scale-by-factored-rms.js';
export { scaleByLearningRate } from './scale-by-learning-rate.js';
export { scaleByLion, type ScaleByLionOptions } from './scale-by-lion.js';
export { scaleByNadam, type ScaleByNadamOptions } from './scale-by-nadam.js';
export { scaleByRelativeStep } from './scale-by-relative-step.js';
export { scaleByRms, type ScaleByRmsOptions } from './scale-by-rms.js';
export { scaleBySchedule } from './scale-by-schedule.js';
export { scaleByTrustRatio } from './scale-by-trust-ratio.js';
export { scaleByWeightRms } from './scale-by-weight-rms.js';
export { scaledLoss } from './scaled-loss.js';
export { scheduleFree, type ScheduleFreeOptions } from './schedule-free.js';
export { scheduleFreeAdamW, type ScheduleFreeAdamWOptions } from './schedule-free-adam-w.js';
export { sgd, type SgdOptions } from './sgd.js';
export { stateFrom } from './state-from.js';
export { stateTensors } from './state-tensors.js';
export { unscaleLoss } from './unscale-loss.js';
export type { WeightPatterns } from './internal/weight-patterns.js';
export { withDecayedWeights, type WithDecayedWeightsOptions } from './with-decayed-weights.js';
export { withLearningRate } from './with-learning-rate.js';
export type { Schedule } from './schedules/schedule.js';
