// The public names of @gradstream/callbacks: names only, one export a line.
export {
  batchSizeFinder,
  type BatchSizeFinderCallback,
  type BatchSizeFinderOptions,
  type BatchSizeFound,
} from './batch-size-finder.js';
export { deadRelus, type DeadRelusOptions } from './diagnosis/dead-relus.js';
export { diagnose, type DiagnoseOptions } from './diagnosis/diagnose.js';
export { explodingGradients, type ExplodingGradientsOptions } from './diagnosis/exploding-gradients.js';
export { nonFiniteValues, type NonFiniteValuesOptions } from './diagnosis/non-finite-values.js';
export { overfitting, type OverfittingOptions } from './diagnosis/overfitting.js';
export { plateau, type PlateauOptions } from './diagnosis/plateau.js';
export { saturatedActivations, type SaturatedActivationsOptions } from './diagnosis/saturated-activations.js';
export { suspiciousLabels, type SuspiciousLabelsOptions } from './diagnosis/suspicious-labels.js';
export { vanishingGradients, type VanishingGradientsOptions } from './diagnosis/vanishing-gradients.js';
export { earlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
export { findBatchSize, type BatchSizeTried } from './find-batch-size.js';
export { findLearningRate, type FoundLearningRate, type Trains } from './find-learning-rate.js';
export { gradientAccumulationScheduler } from './gradient-accumulation-scheduler.js';
export type { BatchSizeMode, BatchSizeReason, BatchSizeTrial } from './internal/batch-size-search.js';
export { history, type HistoryCallback } from './history.js';
export { jsonLoggerTo, type JsonLoggerOptions } from './json-logger.js';
export { lambdaCallback, type HookResult, type LambdaHooks } from './lambda-callback.js';
export {
  learningRateFinder,
  type LearningRateFinderCallback,
  type LearningRateFinderOptions,
  type LearningRateSearch,
} from './learning-rate-finder.js';
export {
  learningRateScheduler,
  type LearningRateFunction,
  type LearningRateSchedulerOptions,
} from './learning-rate-scheduler.js';
export { gradientClippingMonitor, type GradientClippingMonitorOptions } from './gradient-clipping-monitor.js';
export { lossCurves, type LossCurvesCallback, type LossCurvesOptions } from './loss-curves.js';
export { modelCheckpoint, type ModelCheckpointCallback, type ModelCheckpointOptions } from './model-checkpoint.js';
export { progress, type ProgressOptions } from './progress/progress.js';
export {
  reduceLearningRateOnPlateau,
  type ReduceLearningRateOnPlateauOptions,
} from './reduce-learning-rate-on-plateau.js';
export { remoteMonitor, type RemoteMonitorOptions } from './remote-monitor.js';
export { stochasticWeightAveraging, type StochasticWeightAveragingOptions } from './stochastic-weight-averaging.js';
export { swapEma, type SwapEmaOptions } from './swap-ema.js';
export { tensorBoardTo, type TensorBoardOptions, type TensorBoardRun } from './tensor-board.js';
export { terminateOnNaN } from './terminate-on-nan.js';
export { throughput, type ThroughputOptions, type ThroughputReport } from './throughput.js';
export { timer, type TimerCallback, type TimerOptions } from './timer.js';
export { warmRestarts, type WarmRestartsOptions } from './warm-restarts.js';
