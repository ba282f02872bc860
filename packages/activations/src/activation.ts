import { describeValue, GradstreamError, lookup } from '@gradstream/core';
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

/** An activation: a function from a tensor to a tensor, usually of the same shape. One's own works wherever one of these does. */
export type Activation = (x: Tensor) => Tensor;

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
 * An activation by name, `leakyRelu` or `leaky_relu`, with its default options; a function is given back unchanged.
 *
 * Throws `GS_ACTIVATION_UNKNOWN` for anything else, and `GS_ACTIVATION_OPTIONS` for `threshold`, which has no defaults.
 */
export function activation(nameOrFunction: string | Activation): Activation {
  if (typeof nameOrFunction === 'function') return nameOrFunction;
  const found = lookup<(typeof byName)[keyof typeof byName]>(byName, nameOrFunction, {
    code: 'GS_ACTIVATION_UNKNOWN',
    where: 'activations/activation',
    kind: 'activation',
  });
  if (found !== threshold) return found as Activation;
  throw new GradstreamError('GS_ACTIVATION_OPTIONS', {
    where: 'activations/activation',
    what: 'The activation "threshold" needs a threshold and a default value, which a name cannot give',
    expected: 'a function',
    received: describeValue(nameOrFunction),
    next: 'Pass a function such as (x) => threshold(x, 1, 0).',
  });
}

/** The camelCase name of an activation of this package; undefined for any other function. */
export function activationName(activation: Activation): string | undefined {
  return Object.entries(byName).find(([, found]) => found === activation)?.[0];
}
