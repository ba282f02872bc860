import { checkNumber, randomBits, type RandomKey } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from './internal/run-kernel.js';
import { runOperation } from './internal/run-operation.js';
import type { StepCounter } from './step-counter.js';

/** The backend kernel: inputs `x` and `counter` (int32 scalar); attributes `rate`, `keyLow`, `keyHigh`; output of x's shape. */
const KERNEL = 'GradstreamDropout';

/**
 * Inverted dropout: each element is 0 with probability `rate` and `x / (1 - rate)` otherwise, so that the expected value stays.
 *
 * Element i is kept where the uniform number i of (key, counter), as `keyedUniform` gives it, is at least `rate` in float32. Any float32 shape; the
 * gradient goes through the same mask. Rate 0 gives the input's numbers, rate 1 zeros. Runs the backend's kernel `GradstreamDropout` where there is
 * one; elsewhere the host makes the mask and uploads it. Throws `GS_OPTION_VALUE` for a rate outside 0 to 1.
 */
export function keyedDropout(x: tf.Tensor, rate: number, key: RandomKey, counter: StepCounter): tf.Tensor {
  checkNumber('autodiff/keyedDropout', 'rate', rate, { min: 0, max: 1 });
  if (rate === 0) return tf.reshape(x, x.shape);
  if (rate === 1) return tf.zerosLike(x);
  if (hasKernel(KERNEL)) return dropOnDevice(x, counter.tensor, { rate, keyLow: key.low, keyHigh: key.high });
  return applyMask(x, (size) => dropoutMask(key, counter.value, size, rate));
}

interface DropoutAttributes {
  readonly rate: number;
  readonly keyLow: number;
  readonly keyHigh: number;
}

/** The gradient is dropout again, of `dy`, at the step of the forward pass. */
function dropOnDevice(x: tf.Tensor, counter: tf.Tensor, attributes: DropoutAttributes): tf.Tensor {
  return runOperation({
    inputs: { x },
    forward: (save) => {
      save([counter]);
      return runKernel(KERNEL, { x, counter }, attributes);
    },
    backward: (dy, [counter]) => ({ x: () => dropOnDevice(dy, counter!, attributes) }),
  });
}

function applyMask(x: tf.Tensor, maskOf: (size: number) => Float32Array): tf.Tensor {
  return runOperation({
    inputs: { x },
    forward: (save) => {
      const mask = tf.tensor(maskOf(x.size), x.shape, 'float32');
      save([mask]);
      return tf.mul(x, mask);
    },
    backward: (dy, [mask]) => ({ x: () => tf.mul(dy, mask!) }),
  });
}

/** 0 for a dropped element, `1 / (1 - rate)` for a kept one. */
function dropoutMask(key: RandomKey, step: number, size: number, rate: number): Float32Array {
  const bits = randomBits(key, step, size);
  // A uniform number is the upper 24 bits of a word times 2^-24: compared as whole numbers.
  const threshold = Math.fround(rate) * 2 ** 24;
  const scale = 1 / (1 - rate);
  const mask = new Float32Array(size);
  for (let i = 0; i < size; i++) mask[i] = bits[i]! >>> 8 >= threshold ? scale : 0;
  return mask;
}
