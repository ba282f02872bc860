import { checkOptions, describeValue, GradstreamError, lookup, type Config, type Json } from '@gradstream/core';
import type { Loss } from './loss-contract.js';
import { lossFromFunction, type LossFunction } from './loss-from-function.js';
import { lossesByClass, namedLosses } from './named-losses.js';

/** What `loss` takes: a name, a loss, its config, or a function of one's own. */
export type LossSpec = string | Loss | Config | LossFunction;

export { namedLosses } from './named-losses.js';

type Factory = (options?: { readonly [key: string]: Json }) => Loss;

const where = 'objectives/loss';

/**
 * The loss of a name, with default options, in every spelling of Keras (`meanSquaredError`, `mean_squared_error`, `MeanSquaredError`,
 * `mse`, `MSE`); of a plain function `(yTrue, yPred) => Tensor`; of a config; or the loss itself, given back as it is.
 *
 * Throws `GS_LOSS_MISSING` for undefined and null (Keras trains without a loss and reports 0), `GS_LOSS_UNKNOWN` for anything else.
 */
export function loss(spec: LossSpec | null | undefined): Loss {
  if (spec === undefined || spec === null) {
    throw new GradstreamError('GS_LOSS_MISSING', {
      where,
      what: 'There is no loss, so there is nothing to minimize',
      expected: `one of ${Object.keys(namedLosses).join(', ')}, or a function`,
      received: String(spec),
      next: 'Name a loss: sparseCategoricalCrossentropy for class indices, meanSquaredError for numbers.',
    });
  }
  if (typeof spec === 'string') return byName(spec)();
  if (typeof spec === 'function') {
    if (Object.values<unknown>(namedLosses).includes(spec))
      throw unknownLoss(spec, `Call it: ${spec.name}() gives the loss.`);
    return lossFromFunction(spec);
  }
  const { name, call, check } = spec as Partial<Loss>;
  if (typeof name === 'string' && typeof call === 'function' && typeof check === 'function') return spec as Loss;
  if (typeof (spec as Partial<Config>).type === 'string') return lossFromConfig(spec as Config);
  throw unknownLoss(
    spec,
    'Pass a name, a function (yTrue, yPred) => Tensor, or an object that fits the interface Loss.',
  );
}

/**
 * The loss of a config, `{ type, config }`: Keras' class (`Huber`) and its options in camelCase (`{ delta: 2 }`), as `loss.config` holds
 * them.
 *
 * Throws `GS_LOSS_UNKNOWN` for a class that is none and what the loss throws for its options.
 */
export function lossFromConfig(config: Config): Loss {
  checkOptions('objectives/lossFromConfig', config, ['type', 'config']);
  return byName(config.type)(config.config);
}

function byName(name: string): Factory {
  if (Object.hasOwn(lossesByClass, name)) return lossesByClass[name] as Factory;
  // Keras has each abbreviation in small and in capital letters.
  const spelling = /^[A-Z]{3,4}$/.test(name) ? name.toLowerCase() : name;
  return lookup(namedLosses, spelling, { code: 'GS_LOSS_UNKNOWN', where, kind: 'loss' }) as Factory;
}

function unknownLoss(received: unknown, next: string): GradstreamError {
  return new GradstreamError('GS_LOSS_UNKNOWN', {
    where,
    what: 'This is no loss',
    expected: 'a name, a function of targets and predictions, or an object with name, call and check',
    received: describeValue(received),
    next,
  });
}
