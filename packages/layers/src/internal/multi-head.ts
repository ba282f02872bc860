import { sizeOf, type Shape } from '@gradstream/core';
import type { AttentionDropout } from '@gradstream/autodiff';
import { cast, mul, notEqual, reshape, sigmoid, type Tensor } from '@tensorflow/tfjs-core';
import type { CallContext, Layer, LayerBuild, Mask, WeightSpec } from '../layer.js';
import { addPenalty } from './add-penalty.js';
import { asSteps, attentionAxes, fromSteps, sizesOf, type AttentionAxes } from './attention-axes.js';
import { allOf, placesMask } from './attention-masks.js';
import { attendHeads, maskOfHeads, maskOfParts, project, splitHeads } from './head-attention.js';
import type { HeadOptions } from './head-options.js';
import { checkHeadShapes } from './head-shapes.js';
import { seededKey } from './noise.js';

type Weights = Readonly<Record<string, Tensor>>;

/** `build`, `call` and `computeMask` of a layer of attention with projections. */
export function multiHead(options: HeadOptions): Pick<Layer, 'inputCount' | 'build' | 'call' | 'computeMask'> {
  const { factory, keyDim, valueDim, split, outputShape, axes: given, withScores, attentionMask } = options;
  const apart = (inputs: readonly Tensor[]): readonly [Tensor, Tensor, Tensor, Tensor | undefined] => {
    const [query, value, ...others] = inputs as [Tensor, Tensor, ...Tensor[]];
    const mask = attentionMask ? others.pop() : undefined;
    return [query, value, others[0] ?? value, mask];
  };
  return {
    inputCount: attentionMask ? [3, 4] : [2, 3],
    build(shapes, path): LayerBuild {
      const [query, value, ...others] = shapes as [Shape, Shape, ...Shape[]];
      const mask = attentionMask ? others.pop() : undefined;
      const key = others[0] ?? value;
      const axes = attentionAxes(factory, path, query, given);
      const widths = checkHeadShapes(options, path, axes, { query, value, key, mask });
      const out = outputShape ?? [widths.query];
      const scores = [
        query[0]!,
        ...sizesOf(query, axes.examples),
        split.heads * split.repeats,
        ...sizesOf(query, axes.steps),
        ...sizesOf(key, axes.steps),
      ];
      const result = [...query.slice(0, -1), ...out];
      return {
        outputShape: result,
        ...(withScores ? { outputShapes: [result, scores] } : {}),
        weights: weightsOf(options, widths, out),
      };
    },
    call(weights, inputs, context): Tensor | readonly Tensor[] {
      const [query, value, key, mask] = apart(inputs);
      const axes = attentionAxes(factory, factory, query.shape, given);
      const [q, v, k] = [query, value, key].map((x) => asSteps(x, axes)) as [Tensor, Tensor, Tensor];
      const scale = 1 / Math.sqrt(keyDim);
      const { activityRegularizer } = options.common;
      const projected = (x: Tensor, name: string, by = 1): Tensor => {
        const y = project(
          x,
          weights[`${name}/kernel`]!,
          weights[`${name}/bias`],
          activityRegularizer === undefined ? by : 1,
        );
        addPenalty({ activityRegularizer } as Layer, [y], context);
        return activityRegularizer === undefined || by === 1 ? y : mul(y, by);
      };
      const rows = { heads: split.heads, repeats: 1 };
      const seen = allOf(
        ...pairMasks(options, axes, { query, key, mask, masks: context.masks ?? [], separate: key !== value }),
      );
      const operands = {
        query: splitHeads(projected(q, 'query', scale), split),
        key: splitHeads(projected(k, 'key'), rows),
        value: splitHeads(projected(v, 'value'), rows),
        mask: seen && maskOfHeads(seen, split, q.shape[1]!),
        // As Keras, which computes in another way where it needs the weights themselves.
        unseeing: options.rate > 0 || withScores || query.rank !== 3 ? ('zero' as const) : ('mean' as const),
        dropout: dropoutOf(options, context),
      };
      const [mixed, scores] = attendHeads(operands, split, withScores);
      const gated = options.useGate ? mul(mixed, sigmoid(projected(q, 'gate'))) : mixed;
      const y = output(weights, gated, split.heads * split.repeats * valueDim);
      addPenalty({ activityRegularizer } as Layer, [y], context);
      const result = fromSteps(y, axes, query.shape);
      if (scores === undefined) return result;
      const [batch, ...examples] = [query.shape[0]!, ...sizesOf(query.shape, axes.examples)];
      const steps = [...sizesOf(query.shape, axes.steps), ...sizesOf(key.shape, axes.steps)];
      return [result, reshape(scores, [batch!, ...examples, split.heads * split.repeats, ...steps])];
    },
    computeMask: (_, masks): readonly Mask[] => (withScores ? [masks[0], undefined] : [masks[0]]),
  };
}

/** The last projection; its kernel is `[heads, width, ...outputs]`. */
function output(weights: Weights, x: Tensor, width: number): Tensor {
  const kernel = weights['attention_output/kernel']!;
  const y = project(x, reshape(kernel, [width, kernel.size / width]), weights['attention_output/bias']);
  return reshape(y, [...x.shape.slice(0, -1), ...kernel.shape.slice(2)]);
}

function weightsOf(
  { split: { heads, repeats }, keyDim, valueDim, useGate, useBias, parts }: HeadOptions,
  widths: { readonly query: number; readonly key: number; readonly value: number },
  out: readonly number[],
): readonly WeightSpec[] {
  const queryHeads = heads * repeats;
  const of = (name: string, width: readonly number[], outputs: readonly number[]): readonly WeightSpec[] => [
    { ...parts.kernel, name: `${name}/kernel`, shape: [...width, ...outputs] },
    ...(useBias ? [{ ...parts.bias, name: `${name}/bias`, shape: outputs }] : []),
  ];
  return [
    ...of('query', [widths.query], [queryHeads, keyDim]),
    ...of('key', [widths.key], [heads, keyDim]),
    ...(useGate ? of('gate', [widths.query], [queryHeads, valueDim]) : []),
    ...of('value', [widths.value], [heads, valueDim]),
    ...of('attention_output', [queryHeads, valueDim], out),
  ];
}

function dropoutOf({ rate, seed }: HeadOptions, { training, key, step }: CallContext): AttentionDropout | undefined {
  return training && rate > 0 ? { rate, key: seededKey(key, seed), counter: step } : undefined;
}

interface PairInputs {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly mask: Tensor | undefined;
  readonly masks: readonly Mask[];
  /** Whether the key is an input of its own. */
  readonly separate: boolean;
}

/** All that says which pairs of query and key count, each `[examples or 1, heads or 1, T or 1, S or 1]`. */
function pairMasks(
  { useCausalMask, slidingWindow }: HeadOptions,
  axes: AttentionAxes,
  { query, key, mask, masks: [ofQuery, ofValue, ofKey], separate }: PairInputs,
): readonly (Tensor | undefined)[] {
  const [queries, keys] = [query, key].map(({ shape }) => sizeOf(sizesOf(shape, axes.steps))) as [number, number];
  const parts = sizeOf(sizesOf(query.shape, axes.examples));
  const places = placesMask(queries, keys, useCausalMask, slidingWindow);
  const steps = (one: Mask, shape: readonly number[]): Tensor | undefined =>
    one && reshape(asSteps(cast(one, 'float32'), axes), [-1, ...shape]);
  const heads = mask === undefined || mask.rank === 1 + 2 * axes.steps.length ? 1 : mask.shape[1]!;
  const batch = mask?.shape[0] ?? 1;
  return [
    steps(ofQuery, [1, queries, 1]),
    steps(ofValue, [1, 1, keys]),
    separate ? steps(ofKey, [1, 1, keys]) : undefined,
    places && reshape(places, [1, 1, queries, keys]),
    mask && maskOfParts(reshape(cast(notEqual(mask, 0), 'float32'), pairShape(mask, batch, heads, axes)), parts),
  ];
}

/** A mask's shape with its steps taken together. */
function pairShape({ shape }: Tensor, batch: number, heads: number, { steps }: AttentionAxes): number[] {
  const sizes = shape.slice(-2 * steps.length);
  return [batch, heads, sizeOf(sizes.slice(0, steps.length)), sizeOf(sizes.slice(steps.length))];
}
