import { checkOptions, type RandomKey } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { activationGradient } from './internal/activation-gradient.js';
import { attentionCap, checkAttentionShapes } from './internal/attention-operands.js';
import { plainGradients } from './internal/plain-gradients.js';
import { runKernel } from './internal/run-kernel.js';
import { runOperation } from './internal/run-operation.js';
import { keyedDropout } from './keyed-dropout.js';
import type { StepCounter } from './step-counter.js';

/** What `fusedAttention` takes. */
export interface AttentionOperands {
  /** Who asks: [..., T, width]. */
  readonly query: tf.Tensor;
  /** What is compared with the queries: [..., S, width], as many leading dimensions as the query, of the same sizes. */
  readonly key: tf.Tensor;
  /** What is mixed: [..., S, depth]. */
  readonly value: tf.Tensor;
  /** Which keys a query sees, bool or numbers 0 and 1, [..., T, S] or what broadcasts to it. Default: all. */
  readonly mask?: tf.Tensor | undefined;
  /** What a query gets that sees no key: the mean of all values ('mean', the default) or zeros ('zero'). */
  readonly unseeing?: 'mean' | 'zero' | undefined;
  /** Drops weights after the softmax. */
  readonly dropout?: AttentionDropout | undefined;
}

/** The dropout of attention weights. */
export interface AttentionDropout {
  readonly rate: number;
  readonly key: RandomKey;
  readonly counter: StepCounter;
}

const NAMES = ['query', 'key', 'value', 'mask', 'unseeing', 'dropout'];

/**
 * Attention: `softmax(query key^T) value`, float32, [..., T, depth]. Scale the queries beforehand, by `1 / sqrt(width)` as a rule.
 *
 * A pair that the mask forbids has the weight 0. Of the forward pass it keeps the weights alone; the slope of the softmax is the backend's kernel
 * `GradstreamActivationGradient` where there is one. No gradient flows to the mask. Throws `GS_AUTODIFF_SHAPE` for shapes that do not fit. Source: Vaswani
 * et al., arXiv:1706.03762.
 */
export function fusedAttention(operands: AttentionOperands): tf.Tensor {
  checkOptions('autodiff/fusedAttention', operands, NAMES);
  checkAttentionShapes('autodiff/fusedAttention', operands);
  const { query, key, value, mask, unseeing = 'mean', dropout } = operands;
  return runOperation({
    inputs: { query, key, value },
    forward: (save) => {
      const weights = attentionWeights(product(query, key, false, true), mask, unseeing);
      const dropped = drop(weights, dropout);
      save([query, key, value, weights, dropped, ...(mask === undefined ? [] : [mask])]);
      return product(dropped, value, false, false);
    },
    backward: (dy, [query, key, value, weights, dropped, mask]) => {
      // While a second derivative is recorded, everything is computed anew: the weights that were kept hang in the air.
      if (tf.engine().isTapeOn()) {
        const inputs = { query: query!, key: key!, value: value! };
        return plainGradients((moved) => plain({ ...moved, mask, unseeing, dropout } as AttentionOperands), inputs, dy);
      }
      const slope = scoresGradient(dy, { value: value!, weights: weights!, mask, unseeing, dropout });
      return {
        query: () => product(slope, key!, false, false),
        key: () => product(slope, query!, true, false),
        value: () => product(dropped!, dy, true, false),
      };
    },
  });
}

/**
 * The weights of attention from scores, [..., T, S]: their softmax along the last dimension, 0 where a mask of bool or numbers 0 and 1 forbids a pair.
 *
 * A row without any pair gets equal weights ('mean', the default) or zeros ('zero').
 */
export function attentionWeights(
  scores: tf.Tensor,
  mask?: tf.Tensor,
  unseeing: AttentionOperands['unseeing'] = 'mean',
): tf.Tensor {
  if (mask === undefined) return tf.softmax(scores);
  return tf.tidy(() => {
    const weights = tf.softmax(tf.minimum(scores, attentionCap(mask)));
    return unseeing === 'zero' ? tf.mul(weights, tf.cast(mask, 'float32')) : weights;
  });
}

function plain({ query, key, value, mask, unseeing, dropout }: AttentionOperands): tf.Tensor {
  return tf.matMul(drop(attentionWeights(product(query, key, false, true), mask, unseeing), dropout), value);
}

const drop = (weights: tf.Tensor, dropout: AttentionDropout | undefined): tf.Tensor =>
  dropout === undefined ? weights : keyedDropout(weights, dropout.rate, dropout.key, dropout.counter);

interface Kept extends Pick<AttentionOperands, 'mask' | 'unseeing' | 'dropout'> {
  readonly value: tf.Tensor;
  readonly weights: tf.Tensor;
}

/** The gradient by the scores: the slope of the softmax, where dropout has let the gradient through. */
function scoresGradient(dy: tf.Tensor, { value, weights, mask, unseeing, dropout }: Kept): tf.Tensor {
  return tf.tidy(() => {
    const slope = activationGradient('softmax', drop(product(dy, value, false, true), dropout), weights);
    // The scores of a query that sees nothing are constants; where weights are 0 they are so anyway.
    if (mask === undefined || unseeing === 'zero') return slope;
    return tf.mul(slope, tf.cast(mask, 'float32'));
  });
}

const product = (a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor =>
  runKernel(tf.BatchMatMul, { a, b }, { transposeA, transposeB });
