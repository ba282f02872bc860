import { checkNumber, checkOptions } from '@gradstream/core';
import {
  add,
  cast,
  div,
  expandDims,
  mean,
  mul,
  onesLike,
  pow,
  sqrt,
  square,
  sub,
  tidy,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { GradientTransformation, Tensors } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { tensorEntry, weightEntries, zerosFor } from './internal/state-access.js';

/** Options of `scaleByFactoredRms`. */
export interface ScaleByFactoredRmsOptions {
  /** The exponent c of the decay `1 - t^c` in step t, below 0. Default -0.8. */
  readonly beta2Decay?: number;
  /** Added to squared gradients; above 0. Default 1e-30. */
  readonly epsilon?: number;
}

/**
 * Adafactor's direction: the gradient over the root of the running mean of its squares, of which a matrix only keeps the means of rows and columns.
 *
 * With s = g^2 + epsilon and beta = 1 - t^beta2Decay, weights of two or more dimensions keep `r = beta r + (1 - beta) mean(s, last axis)` and `c`, the mean over the
 * last but one axis likewise, and v = r / mean(r, last axis) times c; others keep v itself. The direction is `g / sqrt(v)`. Keras' formula; Keras also keeps v.
 *
 * Throws `GS_OPTION_*` for bad options. Source: Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost", 2018.
 */
export function scaleByFactoredRms(options: ScaleByFactoredRmsOptions = {}): GradientTransformation {
  const where = 'optimizers/scaleByFactoredRms';
  checkOptions(where, options, ['beta2Decay', 'epsilon']);
  const exponent = checkNumber(where, 'beta2Decay', options.beta2Decay ?? -0.8, { max: 0, exclusive: 'max' });
  const epsilon = checkNumber(where, 'epsilon', options.epsilon ?? 1e-30, { min: 0, exclusive: 'min' });

  return scaledTransformation(
    where,
    (params) => {
      const { matrices, others } = byRank(params);
      return {
        step: zeros([], 'int32'),
        r: shapedZeros(matrices, (shape) => shape.slice(0, -1)),
        c: shapedZeros(matrices, (shape) => [...shape.slice(0, -2), shape.at(-1)!]),
        v: zerosFor(others),
      };
    },
    (scaled, state, params) => {
      const { matrices, others } = byRank(params);
      const old = {
        r: weightEntries(where, state, 'r', matrices),
        c: weightEntries(where, state, 'c', matrices),
        v: weightEntries(where, state, 'v', others),
      };
      const gradients = settle(scaled);
      const offset = filled(epsilon);
      const step = tidy(() => {
        const before = tensorEntry(where, state, 'step');
        return add(before, onesLike(before));
      });
      const share = tidy(() => pow(cast(step, 'float32'), filled(exponent)));
      const mixed = (memory: Tensor, now: Tensor): Tensor => add(memory, mul(sub(now, memory), share));

      const factored = eachWeight(matrices, ['r', 'c', 'direction'], (path) => {
        const squares = add(square(gradients[path]!), offset);
        const r = mixed(old.r[path]!, mean(squares, -1));
        const c = mixed(old.c[path]!, mean(squares, -2));
        const rows = expandDims(div(r, mean(r, -1, true)), -1);
        // Two roots and two divisions: the product of two small means may be below what float32 holds.
        const direction = div(div(gradients[path]!, sqrt(rows)), sqrt(expandDims(c, -2)));
        return { r, c, direction };
      });
      const whole = eachWeight(others, ['v', 'direction'], (path) => {
        const v = mixed(old.v[path]!, add(square(gradients[path]!), offset));
        return { v, direction: div(gradients[path]!, sqrt(v)) };
      });
      const direction = { ...factored.direction, ...whole.direction };
      const inOrder = Object.fromEntries(Object.keys(params).map((path) => [path, direction[path]!]));
      return { updates: { tensors: inOrder }, state: { step, r: factored.r, c: factored.c, v: whole.v } };
    },
  );
}

function byRank(params: Tensors): { matrices: Tensors; others: Tensors } {
  const entries = Object.entries(params);
  return {
    matrices: Object.fromEntries(entries.filter(([, { rank }]) => rank >= 2)),
    others: Object.fromEntries(entries.filter(([, { rank }]) => rank < 2)),
  };
}

function shapedZeros(params: Tensors, shapeOf: (shape: number[]) => number[]): Tensors {
  return Object.fromEntries(Object.entries(params).map(([path, { shape }]) => [path, zeros(shapeOf(shape))]));
}
