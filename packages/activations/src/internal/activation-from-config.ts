import {
  checkNumber,
  checkOptions,
  GradstreamError,
  isGradstreamError,
  type Config,
  type Json,
} from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { elu } from '../elu.js';
import { leakyRelu } from '../leaky-relu.js';
import { relu } from '../relu.js';
import { softmax } from '../softmax.js';

type Options = Readonly<Record<string, Json>>;
/** An activation with the config that makes it again. */
type Made = ((x: Tensor) => Tensor) & { readonly config: Config };
type WithOptions = (x: Tensor, options?: never) => Tensor;

/** What Keras saves of every layer. It says nothing about the function: results here are float32, and nothing trains. */
const OF_LAYERS = ['name', 'trainable', 'dtype'];

/** The layers of Keras that are activations with options, with their defaults there. */
const LAYERS: Readonly<Record<string, { readonly apply: WithOptions; readonly defaults: Options }>> = {
  ReLU: { apply: relu, defaults: { maxValue: null, negativeSlope: 0, threshold: 0 } },
  LeakyReLU: { apply: leakyRelu, defaults: { negativeSlope: 0.3 } },
  ELU: { apply: elu, defaults: { alpha: 1 } },
  Softmax: { apply: softmax, defaults: { axis: -1 } },
};

/**
 * The activation that a layer of Keras is, as it stands in a Keras model where an activation has options; undefined for another type.
 *
 * Its config is the one that was given, completed by Keras' defaults. Throws `GS_OPTION_*` for options of others and for values out of range.
 */
export function kerasLayerActivation({ type, config }: Config): Made | undefined {
  if (!Object.hasOwn(LAYERS, type)) return undefined;
  const { apply, defaults } = LAYERS[type]!;
  checkOptions(`activations/${type}`, config, [...Object.keys(defaults), ...OF_LAYERS]);
  const all: Options = { ...defaults, ...config };
  if (type === 'ReLU') checkNumber('activations/ReLU', 'threshold', all.threshold, { min: 0 });
  const missing = Object.keys(defaults).find((name) => all[name] === null && defaults[name] !== null);
  if (missing !== undefined) checkNumber(`activations/${type}`, missing, null);
  // Keras writes null where there is no maximum.
  const used = Object.keys(defaults).filter((name) => all[name] !== null);
  return withOptions(apply, Object.fromEntries(used.map((name) => [name, all[name]!])), { type, config: all });
}

/** A function of this package with options, which are checked at once. */
export function withOptions(apply: WithOptions, options: Options, config: Config): Made {
  try {
    // Without an input the options alone are wrong or right: every function checks them first.
    apply(undefined as never, options as never);
  } catch (error) {
    if (!isGradstreamError(error) || error.code !== 'GS_ACTIVATION_INPUT') throw error;
  }
  return Object.assign((x: Tensor): Tensor => apply(x, options as never), { config });
}

/** Functions of this package that take options. */
const WITH_OPTIONS: readonly string[] = [
  ...['celu', 'elu', 'gelu', 'glu', 'hardShrink', 'leakyRelu', 'logSoftmax', 'relu', 'softShrink', 'softmax'],
  ...['sparsemax', 'squareplus'],
];

/** Refuses options of a function that has none. */
export function checkTakesOptions(name: string, options: Options): void {
  if (!WITH_OPTIONS.includes(name)) checkOptions(`activations/${name}`, options, []);
}

/** The options of `threshold`, which takes them one after the other. Throws `GS_ACTIVATION_OPTIONS` where one is missing. */
export function thresholdOptions(where: string, options: Options): [number, number] {
  checkOptions(where, options, ['threshold', 'defaultValue']);
  const { threshold, defaultValue } = options;
  if (threshold !== undefined && defaultValue !== undefined) return [threshold as number, defaultValue as number];
  throw new GradstreamError('GS_ACTIVATION_OPTIONS', {
    where,
    what: 'The activation "threshold" needs a threshold and a default value, which a name cannot give',
    expected: 'a function or a config with both',
    received: JSON.stringify(options),
    next: "Pass a function such as (x) => threshold(x, 1, 0), or { type: 'threshold', config: { threshold: 1, defaultValue: 0 } }.",
  });
}
