import { checkBoolean, checkNumber, checkSeed, checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import { registerGradients } from '@gradstream/autodiff';
import type { Model } from '@gradstream/layers';
import type { LossSpec } from '@gradstream/objectives';
import { lossScale, optimizer as findOptimizer, type GradientTransformation } from '@gradstream/optimizers';
import type { CustomStep } from './custom-step.js';
import { evaluate } from './evaluate.js';
import { fit } from './fit.js';
import { checkCustomStep } from './internal/check-custom-step.js';
import { outputGoals, type ByOutput, type MetricsByOutput } from './internal/output-goal.js';
import { checkPrecision, type Precision } from './internal/precision.js';
import { TrainingState } from './internal/training-state.js';
import { workNames } from './internal/work-for.js';
import { predictOnBatch, testOnBatch, trainOnBatch } from './on-batch.js';
import { predict, predictAll } from './predict.js';
import type { Trainer } from './trainer.js';

/** What a model is trained with, whatever is minimized. */
export interface TrainingOptions {
  /** By name or as a transformation. Default `rmsprop`, as in Keras. */
  readonly optimizer?: string | GradientTransformation;
  /** Seed of what is random: dropout, the order of arrays. Default: the model's. */
  readonly seed?: number;
  /**
   * Batches whose gradients make one step of the optimizer, with their mean: like a batch that is so many times larger. The optimizer's own clipping sees the
   * mean, a schedule counts steps of the optimizer. What is collected at the end of an epoch goes on in the next one, as in Keras. Default 1.
   */
  readonly gradientAccumulation?: number;
  /**
   * Training steps between two deliveries of events: commands are answered, and a pause begins, after so many. Every step still has its `stepEnd`, and no limit
   * is overstepped, unlike in Keras. Default 1.
   */
  readonly stepsPerExecution?: number;
  /**
   * What a step computes in. All backends have float32, the default; others are refused where the active backend does not have them. With `mixedFloat16` an optimizer that
   * scales no loss is put into `lossScale`, as Keras' `compile` does: small gradients would be 0 else.
   */
  readonly precision?: Precision;
  /**
   * Whether each step of `fit` runs operation by operation. By default steps are recorded and done again as a whole where the backend can and every part of model, loss,
   * metrics and optimizer is of the library; the numbers are the same. `true` records nothing, as in Keras. `false` records steps with functions and layers of one's
   * own too: what they do besides computing with tensors then happens in the steps that are recorded alone, and what they read there stays as it was.
   */
  readonly runEagerly?: boolean;
}

/** What `compile` takes for the usual step: losses of the outputs are minimized. */
export interface LossOptions extends TrainingOptions {
  /**
   * By name, as a loss or its config, or a function `(yTrue, yPred) => Tensor` of values by sample. Must be given. A model with several outputs takes one for all,
   * a list in their order or a record by their names; an output without a loss does not train.
   */
  readonly loss: ByOutput<LossSpec>;
  /** Factors of the outputs' losses in the total, in order or by name. Default 1. */
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>>;
  /** By name, as a metric, or functions `(yTrue, yPred) => Tensor`; sample weights do not count in them. A model with several outputs takes a list for each, in order or by name. */
  readonly metrics?: MetricsByOutput;
  /** The same, with sample and class weights. One that is there under `metrics` too is logged as `weighted_NAME`. */
  readonly weightedMetrics?: MetricsByOutput;
  readonly customStep?: undefined;
}

/** What `compile` takes for a step of one's own. */
export interface CustomStepOptions extends TrainingOptions {
  readonly customStep: CustomStep;
  readonly loss?: undefined;
}

/** What a model is trained with. */
export type CompileOptions = LossOptions | CustomStepOptions;

const SHARED = ['optimizer', 'seed', 'gradientAccumulation', 'stepsPerExecution', 'precision', 'runEagerly'];
const USUAL = ['loss', 'lossWeights', 'metrics', 'weightedMetrics'];

/**
 * Joins a model with optimizer, loss and metrics into a trainer. Every mistake that can be known without data is found here: unknown names
 * (`GS_OPTIMIZER_UNKNOWN`, `GS_LOSS_UNKNOWN`, `GS_METRIC_UNKNOWN`), a missing loss (`GS_LOSS_MISSING`), an output that the loss cannot be
 * used on (`GS_LOSS_OUTPUT`), a loss that gives no single number (`GS_TRAIN_REDUCTION`), an output that the model does not have (`GS_TRAIN_OUTPUT`), a
 * customStep that is none (`GS_TRAIN_CUSTOM`), a precision that the backend does not have (`GS_TRAIN_PRECISION`), a misspelt option.
 */
export function compile(model: Model, options: CompileOptions): Trainer {
  const where = 'trainer/compile';
  checkModel(where, model);
  const isCustom = (options as CompileOptions | undefined)?.customStep !== undefined;
  checkOptions(where, options, [...SHARED, 'customStep', ...USUAL]);
  const customStep = isCustom ? checkCustomStep(where, options, USUAL) : undefined;
  const goals = isCustom ? [] : outputGoals(where, model, goalOptions(options as LossOptions));
  const precision = checkPrecision(where, options.precision);
  const given = findOptimizer(options.optimizer ?? 'rmsprop');
  const optimizer = precision === 'mixedFloat16' && given.lossScale === undefined ? lossScale(given) : given;
  const count = (name: 'gradientAccumulation' | 'stepsPerExecution'): number =>
    checkNumber(where, name, options[name] ?? 1, { min: 1, integer: true });
  const state = new TrainingState(model, optimizer, goals, {
    seed: checkSeed(where, options.seed) ?? model.seed,
    gradientAccumulation: count('gradientAccumulation'),
    stepsPerExecution: count('stepsPerExecution'),
    precision,
    runEagerly: options.runEagerly === undefined ? undefined : checkBoolean(where, 'runEagerly', options.runEagerly),
    customStep,
  });
  workNames(where, state);
  registerGradients();
  let training = false;
  const checkFree = (): void => {
    if (training) throw busy();
  };
  return {
    model,
    get steps() {
      return state.counter.value;
    },
    fit(data, fitOptions = {}) {
      checkFree();
      const run = fit(state, data, fitOptions, () => {
        training = false;
      });
      training = true;
      return run;
    },
    evaluate: (data, evaluateOptions) => evaluate(state, data, evaluateOptions),
    predict: (data, predictOptions) => predict(state, data, predictOptions),
    predictAll: (data, predictOptions) => predictAll(state, data, predictOptions),
    async trainOnBatch(batch, batchOptions) {
      checkFree();
      return trainOnBatch(state, batch, batchOptions);
    },
    testOnBatch: (batch) => testOnBatch(state, batch),
    predictOnBatch: (x) => predictOnBatch(state, x),
    dispose: () => state.dispose(),
  };
}

/** What was given of the options that say what is minimized. */
function goalOptions(options: LossOptions | undefined): Parameters<typeof outputGoals>[2] {
  const { loss, lossWeights, metrics, weightedMetrics } = options ?? ({} as LossOptions);
  return { loss, lossWeights, metrics, weightedMetrics };
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
