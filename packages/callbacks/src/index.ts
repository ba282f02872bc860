// The public names of @gradstream/callbacks: names only, one export a line.
export { earlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
export { progress, type ProgressOptions } from './progress/progress.js';
export { tensorBoardTo, type TensorBoardOptions, type TensorBoardRun } from './tensor-board.js';
export { terminateOnNaN } from './terminate-on-nan.js';
