import { checkSeed, checkBoolean, checkNumber, describeValue, GradstreamError, type Json } from '@gradstream/core';
import { checkLayerOptions, type LayerCommon } from '../layer-options.js';
import type { BiasOptions, KernelOptions } from '../kernel-and-bias-options.js';
import type { HeadSplit } from './head-attention.js';
import type { SeedOptions } from './noise.js';
import { KERNEL_AND_BIAS, kernelAndBias, type KernelAndBias } from './kernel-and-bias.js';

/** Options of `multiHeadAttention` and `groupedQueryAttention`. */
export interface AttentionHeadOptions extends SeedOptions, KernelOptions, BiasOptions {
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
  ...KERNEL_AND_BIAS,
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
  readonly parts: KernelAndBias;
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
    parts: kernelAndBias(where, options),
  };
}

/** The config of what both layers share. */
export function headConfig(shared: Shared): Readonly<Record<string, Json>> {
  return {
    dropout: shared.rate,
    useBias: shared.useBias,
    useGate: shared.useGate,
    slidingWindow: shared.slidingWindow ?? null,
    useCausalMask: shared.useCausalMask,
    attentionMask: shared.attentionMask,
    returnAttentionScores: shared.withScores,
    ...shared.parts.config(),
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
