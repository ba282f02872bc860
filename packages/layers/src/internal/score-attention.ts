import { checkSeed, checkBoolean, checkNumber, type Json, type Shape } from '@gradstream/core';
import { attentionWeights, fusedAttention, keyedDropout, type AttentionDropout } from '@gradstream/autodiff';
import { matMul, mul, type Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { CallContext, Layer, LayerBuild, Mask, WeightSpec } from '../layer.js';
import { allOf, ofKeys, ofQueries, placesMask } from './attention-masks.js';
import { seededKey, type SeedOptions } from './noise.js';
import { checkRank, shapeError } from './shape-error.js';

/** Options of `attention` and `additiveAttention`. */
export interface ScoreAttentionOptions extends SeedOptions {
  /** Multiplies by a weight `scale`. */
  readonly useScale?: boolean;
  /** The share of attention weights that is dropped while training, 0 to 1. Default 0. */
  readonly dropout?: number;
  /** Lets no query see keys after its own place. In Keras this is said at the call. Default false. */
  readonly useCausalMask?: boolean;
  /** Gives the attention weights, `[batch, T, S]`, as a second output. In Keras this is said at the call. Default false. */
  readonly returnAttentionScores?: boolean;
}

/** What tells one of these layers from another. */
export interface ScoreAttention {
  readonly type: string;
  readonly factory: string;
  readonly options: ScoreAttentionOptions;
  readonly useScale: boolean;
  /** The layer's own options, checked. */
  readonly own: Readonly<Record<string, Json>>;
  readonly weights: (width: number) => readonly WeightSpec[];
  /** The query as its product with a key gives the score, for layers that are so simple. */
  readonly scaledQuery?: ((weights: Readonly<Record<string, Tensor>>, query: Tensor) => Tensor) | undefined;
  /** The scores, [batch, T, S], for all others. */
  readonly scores: (weights: Readonly<Record<string, Tensor>>, query: Tensor, key: Tensor) => Tensor;
}

const FORM = '[batch, steps, features]';

/** A layer that mixes values by scores of queries and keys. */
export function scoreAttention(kind: ScoreAttention): Layer {
  const { type, factory, options, useScale, own } = kind;
  const where = `layers/${factory}`;
  const names = ['useScale', 'dropout', 'seed', 'useCausalMask', 'returnAttentionScores', ...Object.keys(own)];
  const common = checkLayerOptions(where, options, names);
  checkBoolean(where, 'useScale', useScale);
  const rate = checkNumber(where, 'dropout', options.dropout ?? 0, { min: 0, max: 1 });
  const seed = checkSeed(where, options.seed);
  const useCausalMask = checkBoolean(where, 'useCausalMask', options.useCausalMask ?? false);
  const withScores = checkBoolean(where, 'returnAttentionScores', options.returnAttentionScores ?? false);
  const dropoutOf = ({ training, key, step }: CallContext): AttentionDropout | undefined =>
    training && rate > 0 ? { rate, key: seededKey(key, seed), counter: step } : undefined;
  return {
    type,
    ...common,
    inputCount: [2, 3],
    build([query, value, key = value], path): LayerBuild {
      const width = checkShapes(factory, path, query!, value!, key!);
      const outputShape = [...query!.slice(0, -1), value!.at(-1)!];
      const scores = [...query!.slice(0, -1), key!.at(-2)!];
      return {
        outputShape,
        ...(withScores ? { outputShapes: [outputShape, scores] } : {}),
        weights: kind.weights(width),
      };
    },
    call(weights, [query, value, key = value], context): Tensor | readonly Tensor[] {
      const [queryMask, valueMask] = context.masks ?? [];
      const places = placesMask(query!.shape[1]!, key!.shape[1]!, useCausalMask, undefined);
      const mask = allOf(ofKeys(valueMask), places);
      const dropout = dropoutOf(context);
      const visible = (y: Tensor): Tensor => {
        const seen = allOf(ofQueries(queryMask));
        return seen === undefined ? y : mul(y, seen);
      };
      if (kind.scaledQuery !== undefined && !withScores) {
        const scaled = kind.scaledQuery(weights, query!);
        return visible(fusedAttention({ query: scaled, key: key!, value: value!, mask, dropout }));
      }
      const weighted = attentionWeights(kind.scores(weights, query!, key!), mask);
      const dropped = dropout ? keyedDropout(weighted, dropout.rate, dropout.key, dropout.counter) : weighted;
      const y = visible(matMul(dropped, value!));
      return withScores ? [y, dropped] : y;
    },
    computeMask: (_, masks): readonly Mask[] => (withScores ? [masks[0], undefined] : [masks[0]]),
    toConfig: () =>
      layerConfig(type, common, {
        useScale,
        ...own,
        dropout: rate,
        seed: seed ?? null,
        useCausalMask,
        returnAttentionScores: withScores,
      }),
  };
}

/** Returns the width of queries and keys. */
function checkShapes(factory: string, path: string, query: Shape, value: Shape, key: Shape): number {
  for (const shape of [query, value, key]) checkRank(factory, path, shape, 3, FORM);
  const differ = (a: number | null, b: number | null): boolean => a !== null && b !== null && a !== b;
  const width = query.at(-1)!;
  if (width === null || differ(width, key.at(-1)!)) {
    throw shapeError(
      factory,
      path,
      'Queries and keys have different widths',
      `a key of known width ${width}`,
      key,
      'Bring both to one width, for example with dense(width).',
    );
  }
  if (differ(value[1]!, key[1]!) || differ(value[0]!, query[0]!) || differ(key[0]!, query[0]!)) {
    throw shapeError(
      factory,
      path,
      'The inputs do not belong together',
      'one batch, and as many values as keys',
      [query, value, key].map((shape) => JSON.stringify(shape)).join(', '),
      'Pass [query, value] or [query, value, key].',
    );
  }
  return width;
}
