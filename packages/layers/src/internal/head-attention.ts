import {
  attentionWeights,
  fusedAttention,
  fusedDense,
  keyedDropout,
  type AttentionDropout,
} from '@gradstream/autodiff';
import { broadcastTo, expandDims, matMul, mul, reshape, tile, transpose, type Tensor } from '@tensorflow/tfjs-core';

/** How attention is split into heads: `heads` of keys and values, each seen by `repeats` heads of queries. */
export interface HeadSplit {
  readonly heads: number;
  readonly repeats: number;
}

/** A dense layer: `[..., width]` in, `[..., outputs]` out, where the kernel has several dimensions for the inputs, the outputs or both; the result is times `scale`. */
export function project(x: Tensor, kernel: Tensor, bias: Tensor | undefined, scale = 1): Tensor {
  const width = x.shape.at(-1)!;
  // As many numbers fewer as the weights have than the result.
  const scaled = (weight: Tensor): Tensor => (scale === 1 ? weight : mul(weight, scale));
  const flat = reshape(scaled(kernel), [width, kernel.size / width]);
  return fusedDense({ x, kernel: flat, bias: bias && reshape(scaled(bias), [bias.size]) });
}

/** [batch, T, heads repeats width] as [batch, heads, repeats T, width]. */
export function splitHeads(x: Tensor, { heads, repeats }: HeadSplit): Tensor {
  const [batch, steps, all] = x.shape as [number, number, number];
  const width = all / (heads * repeats);
  if (repeats === 1) return transpose(reshape(x, [batch, steps, heads, width]), [0, 2, 1, 3]);
  const apart = transpose(reshape(x, [batch, steps, heads, repeats, width]), [0, 2, 3, 1, 4]);
  return reshape(apart, [batch, heads, repeats * steps, width]);
}

/** The inverse of `splitHeads`. */
export function joinHeads(y: Tensor, { heads, repeats }: HeadSplit): Tensor {
  const [batch, , rows, width] = y.shape as [number, number, number, number];
  const steps = rows / repeats;
  const all = [batch, steps, heads * repeats * width];
  if (repeats === 1) return reshape(transpose(y, [0, 2, 1, 3]), all);
  return reshape(transpose(reshape(y, [batch, heads, repeats, steps, width]), [0, 3, 1, 2, 4]), all);
}

/** A mask `[batch, 1 or query heads, 1 or T, keys]` as one of the scores `[batch, heads, repeats T, keys]`. */
export function maskOfHeads(mask: Tensor, { heads, repeats }: HeadSplit, steps: number): Tensor {
  const [batch, given, rows, keys] = mask.shape as [number, number, number, number];
  if (repeats === 1 || (given === 1 && rows === 1)) return mask;
  if (given === 1) return tile(mask, [1, 1, repeats, 1]);
  return reshape(broadcastTo(mask, [batch, given, steps, keys]), [batch, heads, repeats * steps, keys]);
}

/** What attention of several heads works with: tensors as `splitHeads` gives them, and a mask as `maskOfHeads` does. */
export interface HeadOperands {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  readonly mask: Tensor | undefined;
  readonly unseeing: 'mean' | 'zero';
  readonly dropout: AttentionDropout | undefined;
}

/** The result alone, or with the weights before dropout, `[batch, query heads, T, S]`. */
export function attendHeads(operands: HeadOperands, split: HeadSplit, withScores: boolean): readonly [Tensor, Tensor?] {
  if (!withScores) return [joinHeads(fusedAttention(operands), split)];
  const { query, key, value, mask, unseeing, dropout } = operands;
  const weights = attentionWeights(matMul(query, key, false, true), mask, unseeing);
  const dropped = dropout ? keyedDropout(weights, dropout.rate, dropout.key, dropout.counter) : weights;
  const [batch, heads, rows, keys] = weights.shape as [number, number, number, number];
  const scores = reshape(weights, [batch, heads * split.repeats, rows / split.repeats, keys]);
  return [joinHeads(matMul(dropped, value), split), scores];
}

/** A mask given for each example, for examples that are cut into `parts` more. */
export function maskOfParts(mask: Tensor, parts: number): Tensor {
  if (parts === 1 || mask.shape[0] === 1) return mask;
  const repeated = tile(expandDims(mask, 1), [1, parts, ...mask.shape.slice(1).map(() => 1)]);
  return reshape(repeated, [mask.shape[0]! * parts, ...mask.shape.slice(1)]);
}
