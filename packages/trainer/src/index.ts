export type { Checkpoint, CheckpointSink } from './checkpoint-sink.js';
export { compile, type CompileOptions } from './compile.js';
export type { EvaluateOptions } from './evaluate.js';
export type { FitOptions } from './fit.js';
export type { History } from './history.js';
export type { BatchSource } from './internal/batch-source.js';
export type { MetricSpec } from './internal/named-metrics.js';
export type { PredictOptions } from './predict.js';
export type { Trainer } from './trainer.js';
