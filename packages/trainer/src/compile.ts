import { checkNumber, checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import { activationName } from '@gradstream/activations';
import { registerGradients } from '@gradstream/autodiff';
import type { Model } from '@gradstream/layers';
import { loss as findLoss, type LossSpec } from '@gradstream/objectives';
import { optimizer as findOptimizer, type GradientTransformation } from '@gradstream/optimizers';
import { evaluate } from './evaluate.js';
import { fit } from './fit.js';
import { namedMetrics, type MetricSpec } from './internal/named-metrics.js';
import { checkReduces } from './internal/objective.js';
import { TrainingState } from './internal/training-state.js';
import { predict } from './predict.js';
import type { Trainer } from './trainer.js';

/** What a model is trained with. */
export interface CompileOptions {
  /** By name or as a transformation. Default `rmsprop`, as in Keras. */
  readonly optimizer?: string | GradientTransformation;
  /** By name, as a loss or its config, or a function `(yTrue, yPred) => Tensor` of values by sample. Must be given. */
  readonly loss: LossSpec;
  /** By name, as a metric, or functions `(yTrue, yPred) => Tensor`. */
  readonly metrics?: readonly MetricSpec[];
  /** Seed of what is random in a step, as dropout. Default: the model's. */
  readonly seed?: number;
}

/**
 * Joins a model with optimizer, loss and metrics into a trainer. Every mistake that can be known without data is found here: unknown names
 * (`GS_OPTIMIZER_UNKNOWN`, `GS_LOSS_UNKNOWN`, `GS_METRIC_UNKNOWN`), a missing loss (`GS_LOSS_MISSING`), an output that the loss cannot be
 * used on (`GS_LOSS_OUTPUT`), a loss that gives no single number (`GS_TRAIN_REDUCTION`), a misspelt option.
 */
export function compile(model: Model, options: CompileOptions): Trainer {
  const where = 'trainer/compile';
  checkModel(where, model);
  checkOptions(where, options, ['optimizer', 'loss', 'metrics', 'seed']);
  const loss = findLoss(options?.loss);
  checkReduces(where, loss);
  loss.checkOutput?.(model.outputShape, outputActivation(model));
  const optimizer = findOptimizer(options.optimizer ?? 'rmsprop');
  const metrics = options.metrics ?? [];
  if (!Array.isArray(metrics)) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The option "metrics" has a value that cannot be used',
      expected: 'a list',
      received: describeValue(metrics),
      next: "Pass a list: ['accuracy'].",
    });
  }
  namedMetrics(
    where,
    metrics,
    model.outputShape,
    loss.targetDtype === 'int32' ? model.outputShape.slice(0, -1) : model.outputShape,
  );
  const seed =
    options.seed === undefined
      ? model.seed
      : checkNumber(where, 'seed', options.seed, { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true });
  registerGradients();
  const state = new TrainingState(model, optimizer, loss, metrics, seed);
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
    dispose: () => state.dispose(),
  };
}

/** The name of the activation that a model's output went through, where it is one of the library. */
function outputActivation(model: Model): string | undefined {
  const { layer } = model.nodes.at(-1)!;
  if ('nodes' in layer) return outputActivation(layer as Model);
  return layer.activation === undefined ? undefined : activationName(layer.activation);
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
