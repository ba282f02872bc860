import { checkNumber, checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import { registerGradients } from '@gradstream/autodiff';
import type { Model } from '@gradstream/layers';
import type { LossSpec } from '@gradstream/objectives';
import { optimizer as findOptimizer, type GradientTransformation } from '@gradstream/optimizers';
import { evaluate } from './evaluate.js';
import { fit } from './fit.js';
import { logNames } from './internal/meters.js';
import type { MetricSpec } from './internal/named-metrics.js';
import { outputGoals, targetShape, type ByOutput } from './internal/output-goal.js';
import { TrainingState } from './internal/training-state.js';
import { predict, predictAll } from './predict.js';
import type { Trainer } from './trainer.js';

/** What a model is trained with. */
export interface CompileOptions {
  /** By name or as a transformation. Default `rmsprop`, as in Keras. */
  readonly optimizer?: string | GradientTransformation;
  /**
   * By name, as a loss or its config, or a function `(yTrue, yPred) => Tensor` of values by sample. Must be given. A model with several outputs takes one for all,
   * a list in their order or a record by their names; an output without a loss does not train.
   */
  readonly loss: ByOutput<LossSpec>;
  /** Factors of the outputs' losses in the total, in order or by name. Default 1. */
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>>;
  /** By name, as a metric, or functions `(yTrue, yPred) => Tensor`. A model with several outputs takes a list for each, in order or by name. */
  readonly metrics?:
    | readonly MetricSpec[]
    | readonly (readonly MetricSpec[])[]
    | Readonly<Record<string, MetricSpec | readonly MetricSpec[]>>;
  /** Seed of what is random in a step, as dropout. Default: the model's. */
  readonly seed?: number;
}

/**
 * Joins a model with optimizer, loss and metrics into a trainer. Every mistake that can be known without data is found here: unknown names
 * (`GS_OPTIMIZER_UNKNOWN`, `GS_LOSS_UNKNOWN`, `GS_METRIC_UNKNOWN`), a missing loss (`GS_LOSS_MISSING`), an output that the loss cannot be
 * used on (`GS_LOSS_OUTPUT`), a loss that gives no single number (`GS_TRAIN_REDUCTION`), an output that the model does not have (`GS_TRAIN_OUTPUT`), a
 * misspelt option.
 */
export function compile(model: Model, options: CompileOptions): Trainer {
  const where = 'trainer/compile';
  checkModel(where, model);
  checkOptions(where, options, ['optimizer', 'loss', 'lossWeights', 'metrics', 'seed']);
  const goals = outputGoals(where, model, {
    loss: options?.loss,
    lossWeights: options?.lossWeights,
    metrics: options?.metrics,
  });
  const optimizer = findOptimizer(options.optimizer ?? 'rmsprop');
  logNames(where, goals, goals.map(targetShape));
  const seed =
    options.seed === undefined
      ? model.seed
      : checkNumber(where, 'seed', options.seed, { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true });
  registerGradients();
  const state = new TrainingState(model, optimizer, goals, seed);
  let training = false;
  return {
    model,
    get steps() {
      return state.counter.value;
    },
    fit(data, fitOptions = {}) {
      if (training) throw busy();
      const run = fit(state, data, fitOptions, () => {
        training = false;
      });
      training = true;
      return run;
    },
    evaluate: (data, evaluateOptions) => evaluate(state, data, evaluateOptions),
    predict: (data, predictOptions) => predict(state, data, predictOptions),
    predictAll: (data, predictOptions) => predictAll(state, data, predictOptions),
    dispose: () => state.dispose(),
  };
}

function checkModel(where: string, model: unknown): asserts model is Model {
  if (
    typeof model === 'object' &&
    model !== null &&
    Array.isArray((model as Partial<Model>).nodes) &&
    typeof (model as Partial<Model>).apply === 'function'
  )
    return;
  throw new GradstreamError('GS_TRAIN_MODEL', {
    where,
    what: 'This is no model',
    expected: 'a model, for example sequential([...])',
    received: describeValue(model),
    next: 'Pass the model first, then the options.',
  });
}

function busy(): GradstreamError {
  return new GradstreamError('GS_TRAIN_BUSY', {
    where: 'trainer/fit',
    what: 'This model is being trained',
    expected: 'one fit at a time',
    received: 'a second one',
    next: 'Await the first run, or stop it.',
  });
}
