import { checkOptions, describeValue, GradstreamError, type Config, type Json } from '@gradstream/core';
import { byPattern } from './by-pattern.js';
import { chain } from './chain.js';
import type { GradientTransformation } from './gradient-transformation.js';
import { isPart } from './internal/check-part.js';
import { isConfig } from './internal/is-config.js';
import { recipeByName, recipeFromConfig } from './internal/recipe-from-config.js';
import { regExp } from './internal/weight-patterns.js';
import { lookahead } from './lookahead.js';
import { lossScale } from './loss-scale.js';
import { unscaleLoss } from './unscale-loss.js';

const WHERE = 'optimizers/optimizer';

/**
 * An optimizer by name with its default options, in any case: `sgd`, `rmsprop`, `adam`, `adamW`, `nadam`, `adamax`, `adagrad`, `adadelta`, `ftrl`, `lion`, `lamb`,
 * `adafactor`, `muon`, `scheduleFreeAdamW`; or from its config: `{ type, config }` with the name of Keras' class and its arguments in camelCase. A transformation
 * is given back as it is.
 *
 * Throws `GS_OPTIMIZER_UNKNOWN` for anything else, and what the optimizer itself throws.
 */
export function optimizer(given: string | Config | GradientTransformation): GradientTransformation {
  if (typeof given === 'string') return recipeByName(WHERE, given);
  if (isPart(given)) return given;
  if (isConfig(given)) return wrappers[given.type]?.(given.config) ?? recipeFromConfig(WHERE, given);
  throw new GradstreamError('GS_OPTIMIZER_UNKNOWN', {
    where: WHERE,
    what: 'This is no optimizer',
    expected: 'a name such as "adam", a config, or an object with init(params) and update(gradients, state, params)',
    received: describeValue(given),
    next:
      typeof given === 'function'
        ? 'Call it: adam() gives the optimizer, adam is the function that makes it.'
        : 'Pass for example adam({ learningRate: 0.001 }).',
  });
}

type Options = Config['config'];

const wrappers: Readonly<Record<string, ((options: Options) => GradientTransformation) | undefined>> = Object.assign(
  Object.create(null) as object,
  {
    LossScaleOptimizer: ({ innerOptimizer, name: _, ...options }: Options) =>
      lossScale(optimizer(innerOptimizer as never), options),
    Lookahead: ({ optimizer: inner, ...options }: Options) => lookahead(optimizer(inner as never), options),
    MultiOptimizer: groupsFrom,
  },
);

/** Keras gives the scale of the whole to the optimizers inside; here it is taken off before them. */
function groupsFrom({ optimizerMap, lossScaleFactor = null, ...options }: Options): GradientTransformation {
  checkOptions(`${WHERE} MultiOptimizer`, options, ['name']);
  const map = optimizerMap as { readonly defaultOptimizer?: Json; readonly optimizerMap?: Json } | null | undefined;
  const unscaled = (inner: unknown): unknown =>
    isConfig(inner) ? { ...inner, config: { ...inner.config, lossScaleFactor: null } } : inner;
  const groups = Object.entries((map?.optimizerMap ?? {}) as Readonly<Record<string, Json>>).map(
    ([pattern, inner]) => ({ match: regExp(pattern), optimizer: unscaled(inner) as never }),
  );
  const fallback = unscaled(map?.defaultOptimizer) as never;
  const parted = groups.length === 0 ? optimizer(fallback) : byPattern(groups, fallback);
  if (lossScaleFactor === null) return parted;
  const whole = chain(unscaleLoss(lossScaleFactor as number), parted);
  if (parted.config?.type !== 'MultiOptimizer') return whole;
  return { ...whole, config: { ...parted.config, config: { ...parted.config.config, lossScaleFactor } } };
}
