import { keyedDropout } from '@gradstream/autodiff';
import { foldIn } from '@gradstream/core';
import { concat, split, type Tensor } from '@tensorflow/tfjs-core';
import type { CallContext } from '../../layer.js';

/** How something goes into a product with weights. */
export interface Projection {
  /** The share that is dropped while training. */
  readonly rate: number;
  /** Names the stream of random numbers. */
  readonly stream: string;
  /** How many gates the weights are made of, along their last axis. */
  readonly gates: number;
  /** Each gate has a dropout mask of its own, as in Keras where the state is dropped. */
  readonly apart: boolean;
  /** The product: a matrix product, a convolution. */
  readonly product: (x: Tensor, kernel: Tensor) => Tensor;
}

/** The product of x and weights, with dropout of x while training. The same key and step give the same mask: one for all steps of a sequence. */
export function projected(x: Tensor, kernel: Tensor, context: CallContext, how: Projection): Tensor {
  const { rate, stream, gates, apart, product } = how;
  if (!context.training || rate === 0) return product(x, kernel);
  if (!apart) return product(dropped(x, rate, context, stream), kernel);
  const parts = split(kernel, gates, -1).map((part, gate) =>
    product(dropped(x, rate, context, `${stream}${gate}`), part),
  );
  return concat(parts, -1);
}

/** x with a share of its elements dropped; the rest is scaled up. */
export function dropped(x: Tensor, rate: number, { key, step }: CallContext, stream: string): Tensor {
  return keyedDropout(x, rate, foldIn(key, stream), step);
}
