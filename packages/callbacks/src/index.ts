// The public names of @gradstream/callbacks: names only, one export a line.
export { earlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
export { gradientAccumulationScheduler } from './gradient-accumulation-scheduler.js';
export { history, type HistoryCallback } from './history.js';
export { jsonLoggerTo, type JsonLoggerOptions } from './json-logger.js';
export { lambdaCallback, type HookResult, type LambdaHooks } from './lambda-callback.js';
export {
  learningRateScheduler,
  type LearningRateFunction,
  type LearningRateSchedulerOptions,
} from './learning-rate-scheduler.js';
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
