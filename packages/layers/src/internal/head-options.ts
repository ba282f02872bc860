import {
  checkSeed,
  checkBoolean,
  checkNumber,
  describeValue,
  GradstreamError,
  type Config,
  type Json,
} from '@gradstream/core';
import type { Initializer } from '@gradstream/initializers';
import type { Regularizer } from '@gradstream/regularizers';
import type { Constraint } from '@gradstream/regularizers/constraints';
import { checkLayerOptions, type LayerCommon } from '../layer-options.js';
import type { WeightSpec } from '../layer.js';
import type { HeadSplit } from './head-attention.js';
import type { SeedOptions } from './noise.js';
import { partConfig } from './part-config.js';
import { weightParts } from './weight-parts.js';

/** Options of `multiHeadAttention` and `groupedQueryAttention`. */
export interface AttentionHeadOptions extends SeedOptions {
  /** The share of attention weights that is dropped while training, 0 to 1. Default 0. */
  readonly dropout?: number;
  /** Adds a bias to each projection. Default true. */
  readonly useBias?: boolean;
  /** Multiplies what attention gives by a sigmoid of a projection of the query. Default false. */
  readonly useGate?: boolean;
  /** Lets a query see only keys fewer than so many places away. Default: all. */
  readonly slidingWindow?: number;
  /** Lets no query see keys after its own place. In Keras this is said at the call. Default false. */
  readonly useCausalMask?: boolean;
  /** The last input is a mask of pairs, `[batch, T, S]` or `[batch, heads, T, S]`, sizes of 1 for all alike: 0 where a query does not see a key. Default false. */
  readonly attentionMask?: boolean;
  /** Gives the attention weights, `[batch, heads, T, S]` before dropout, as a second output. In Keras this is said at the call. Default false. */
  readonly returnAttentionScores?: boolean;
  /** Chooses nothing here: attention is one operation in any case. Only false, the default. */
  readonly flashAttention?: false;
  /** Default `glorotUniform`. */
  readonly kernelInitializer?: string | Config | Initializer;
  /** Default `zeros`. */
  readonly biasInitializer?: string | Config | Initializer;
  readonly kernelRegularizer?: string | Config | Regularizer;
  readonly biasRegularizer?: string | Config | Regularizer;
  readonly kernelConstraint?: string | Config | Constraint;
  readonly biasConstraint?: string | Config | Constraint;
}

const NAMES = [
  'dropout',
  'seed',
  'useBias',
  'useGate',
  'slidingWindow',
  'useCausalMask',
  'attentionMask',
  'returnAttentionScores',
  'flashAttention',
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'biasRegularizer',
  'kernelConstraint',
  'biasConstraint',
] as const;

/** The options of attention with projections, checked. */
export interface HeadOptions {
  readonly factory: string;
  readonly common: LayerCommon;
  readonly split: HeadSplit;
  readonly keyDim: number;
  readonly valueDim: number;
  /** The features of the output; those of the query by default. */
  readonly outputShape: readonly number[] | undefined;
  readonly axes: readonly number[] | undefined;
  /** Whether queries and values have to be of one width. */
  readonly sameWidth: boolean;
  readonly rate: number;
  readonly seed: number | undefined;
  readonly useBias: boolean;
  readonly useGate: boolean;
  readonly slidingWindow: number | undefined;
  readonly useCausalMask: boolean;
  readonly attentionMask: boolean;
  readonly withScores: boolean;
  readonly kernel: Omit<WeightSpec, 'shape'>;
  readonly bias: Omit<WeightSpec, 'shape'>;
}

/** The options that both layers share, checked. */
type Shared = Omit<HeadOptions, 'split' | 'keyDim' | 'valueDim' | 'outputShape' | 'axes' | 'sameWidth'>;

/** Checks what both layers share; `own` are the names of what one has alone. */
export function headOptions(factory: string, options: AttentionHeadOptions, own: readonly string[] = []): Shared {
  const where = `layers/${factory}`;
  const common = checkLayerOptions(where, options, [...NAMES, ...own]);
  const { slidingWindow } = options;
  if (slidingWindow !== undefined) checkNumber(where, 'slidingWindow', slidingWindow, { min: 1, integer: true });
  checkFlash(where, options.flashAttention);
  const { kernelInitializer = 'glorotUniform', biasInitializer = 'zeros' } = options;
  return {
    factory,
    common,
    rate: checkNumber(where, 'dropout', options.dropout ?? 0, { min: 0, max: 1 }),
    seed: checkSeed(where, options.seed),
    useBias: checkBoolean(where, 'useBias', options.useBias ?? true),
    useGate: checkBoolean(where, 'useGate', options.useGate ?? false),
    slidingWindow,
    useCausalMask: checkBoolean(where, 'useCausalMask', options.useCausalMask ?? false),
    attentionMask: checkBoolean(where, 'attentionMask', options.attentionMask ?? false),
    withScores: checkBoolean(where, 'returnAttentionScores', options.returnAttentionScores ?? false),
    kernel: weightParts('kernel', kernelInitializer, options.kernelRegularizer, options.kernelConstraint),
    bias: weightParts('bias', biasInitializer, options.biasRegularizer, options.biasConstraint),
  };
}

/** The config of what both layers share. */
export function headConfig(shared: Shared): Readonly<Record<string, Json>> {
  const { kernel, bias, factory } = shared;
  const where = `layers/${factory}`;
  return {
    dropout: shared.rate,
    useBias: shared.useBias,
    useGate: shared.useGate,
    slidingWindow: shared.slidingWindow ?? null,
    useCausalMask: shared.useCausalMask,
    attentionMask: shared.attentionMask,
    returnAttentionScores: shared.withScores,
    kernelInitializer: partConfig(where, 'kernelInitializer', kernel.initializer),
    biasInitializer: partConfig(where, 'biasInitializer', bias.initializer),
    kernelRegularizer: partConfig(where, 'kernelRegularizer', kernel.regularizer),
    biasRegularizer: partConfig(where, 'biasRegularizer', bias.regularizer),
    kernelConstraint: partConfig(where, 'kernelConstraint', kernel.constraint),
    biasConstraint: partConfig(where, 'biasConstraint', bias.constraint),
    seed: shared.seed ?? null,
  };
}

function checkFlash(where: string, value: unknown): void {
  if (value === undefined || value === null || value === false) return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "flashAttention" has a value that cannot be used',
    expected: 'false: there is one way to compute attention here',
    received: describeValue(value),
    next: 'Leave it out.',
  });
}
