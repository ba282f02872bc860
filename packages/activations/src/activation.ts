import { isConfig, lookup, type Config } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { celu } from './celu.js';
import { elu } from './elu.js';
import { exponential } from './exponential.js';
import { gelu } from './gelu.js';
import { glu } from './glu.js';
import { hardShrink } from './hard-shrink.js';
import { hardSigmoid } from './hard-sigmoid.js';
import { hardSilu } from './hard-silu.js';
import { hardTanh } from './hard-tanh.js';
import {
  checkTakesOptions,
  kerasLayerActivation,
  thresholdOptions,
  withOptions,
} from './internal/activation-from-config.js';
import { leakyRelu } from './leaky-relu.js';
import { linear } from './linear.js';
import { logSigmoid } from './log-sigmoid.js';
import { logSoftmax } from './log-softmax.js';
import { mish } from './mish.js';
import { relu } from './relu.js';
import { relu6 } from './relu6.js';
import { selu } from './selu.js';
import { sigmoid } from './sigmoid.js';
import { silu } from './silu.js';
import { softShrink } from './soft-shrink.js';
import { softmax } from './softmax.js';
import { softplus } from './softplus.js';
import { softsign } from './softsign.js';
import { sparsePlus } from './sparse-plus.js';
import { sparseSigmoid } from './sparse-sigmoid.js';
import { sparsemax } from './sparsemax.js';
import { squareplus } from './squareplus.js';
import { tanh } from './tanh.js';
import { tanhShrink } from './tanh-shrink.js';
import { threshold } from './threshold.js';

/**
 * An activation: a function from a tensor to a tensor, usually of the same shape. One's own works wherever one of these does.
 *
 * `config` says how to make one with options again. Those without options are known by their name; see `activationName`.
 */
export type Activation = ((x: Tensor) => Tensor) & { readonly config?: Config };

/** The names that can be looked up. `silu` and `hardSilu` come before their second names, so that these two are the names they are known by. */
const byName = {
  celu,
  elu,
  exponential,
  gelu,
  glu,
  hardShrink,
  hardSigmoid,
  hardSilu,
  hardTanh,
  leakyRelu,
  linear,
  logSigmoid,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softShrink,
  softmax,
  softplus,
  softsign,
  sparsePlus,
  sparseSigmoid,
  sparsemax,
  squareplus,
  tanh,
  tanhShrink,
  threshold,
  swish: silu,
  hardSwish: hardSilu,
};

/**
 * An activation by name, `leakyRelu` or `leaky_relu`, with its default options, or from a config; a function is given back unchanged.
 *
 * A config has a name and options, as `{ type: 'gelu', config: { approximate: true } }`, or it is one of the layers that Keras saves where an
 * activation has options: `ReLU`, `LeakyReLU` (slope 0.3 unless given), `ELU` and `Softmax`. Only the latter can travel to Keras.
 * Throws `GS_ACTIVATION_UNKNOWN` for anything else, `GS_ACTIVATION_OPTIONS` for `threshold` without its two numbers, which have no defaults, and
 * `GS_OPTION_*` for options that cannot be used; an axis is checked when the activation is called.
 */
export function activation(nameOrFunction: string | Activation | Config): Activation {
  if (typeof nameOrFunction === 'function') return nameOrFunction;
  const { type, config } = isConfig(nameOrFunction) ? nameOrFunction : { type: nameOrFunction, config: {} };
  const layer = isConfig(nameOrFunction) ? kerasLayerActivation(nameOrFunction) : undefined;
  if (layer !== undefined) return layer;
  const found = lookup<(typeof byName)[keyof typeof byName]>(byName, type, {
    code: 'GS_ACTIVATION_UNKNOWN',
    where: 'activations/activation',
    kind: 'activation',
  });
  if (found === threshold) {
    const [limit, defaultValue] = thresholdOptions('activations/activation', config);
    return withOptions((x) => threshold(x, limit, defaultValue), {}, { type: 'threshold', config });
  }
  if (Object.keys(config).length === 0) return found as Activation;
  const name = activationName(found as Activation)!;
  checkTakesOptions(name, config);
  return withOptions(found as never, config, { type: name, config });
}

/** The camelCase name of an activation of this package; undefined for any other function. */
export function activationName(activation: Activation): string | undefined {
  return Object.entries(byName).find(([, found]) => found === activation)?.[0];
}
