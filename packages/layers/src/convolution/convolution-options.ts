import type { Activation } from '@gradstream/activations';
import type { Config } from '@gradstream/core';
import type { Initializer } from '@gradstream/initializers';
import type { Regularizer } from '@gradstream/regularizers';
import type { Constraint } from '@gradstream/regularizers/constraints';
import type { BiasOptions, KernelOptions } from '../kernel-and-bias-options.js';
import type { LayerOptions } from '../layer-options.js';

/** How many spatial dimensions a layer works on. */
export type SpatialRank = 1 | 2 | 3;

/** One number for all spatial dimensions, or one for each. */
export type EachDimension<Rank extends SpatialRank> =
  | number
  | (Rank extends 1
      ? readonly [number]
      : Rank extends 2
        ? readonly [number, number]
        : readonly [number, number, number]);

/** The options that all convolutions take. Parts are given by name or as the function itself. */
export interface ConvolutionOptions<Rank extends SpatialRank> extends LayerOptions, BiasOptions {
  /** The step between windows. Default 1. */
  readonly strides?: EachDimension<Rank>;
  /** The step between the taps of a window. Default 1. */
  readonly dilationRate?: EachDimension<Rank>;
  /** Where the channels are. Default and only choice: `channelsLast`. */
  readonly dataFormat?: 'channelsLast';
  /** Applied to the output. Default: none (linear). */
  readonly activation?: string | Activation;
  /** Adds a bias. Default true. */
  readonly useBias?: boolean;
}

/** Options of `conv1d`, `conv2d` and `conv3d`. */
export interface ConvOptions<Rank extends SpatialRank> extends ConvolutionOptions<Rank>, KernelOptions {
  /** `valid` (default): whole windows only. `same`: sizes divided by the stride, zeros at both ends. `causal`, on steps: zeros before them alone. */
  readonly padding?: Rank extends 1 ? 'valid' | 'same' | 'causal' : 'valid' | 'same';
  /** Into how many parts the channels are cut, each with its own `filters / groups` filters. Default 1. */
  readonly groups?: number;
}

/** Options of `conv1dTranspose`, `conv2dTranspose` and `conv3dTranspose`. `strides` is how far apart the input's elements come to lie. */
export interface ConvTransposeOptions<Rank extends SpatialRank> extends ConvolutionOptions<Rank>, KernelOptions {
  /** `valid` (default) keeps all that the windows reach, `same` gives `size * stride`. */
  readonly padding?: 'valid' | 'same';
  /** Fixes the output's sizes among those that a convolution takes to the input's, below the stride. Default: none. */
  readonly outputPadding?: EachDimension<Rank>;
}

/** The options of convolutions of each channel by itself. */
export interface DepthwiseConvOptions<Rank extends 1 | 2> extends ConvolutionOptions<Rank> {
  /** `valid` (default): whole windows only. `same`: sizes divided by the stride, zeros at both ends. */
  readonly padding?: 'valid' | 'same';
  /** How many outputs each channel gives. Default 1. */
  readonly depthMultiplier?: number;
  /** Default `glorotUniform`. */
  readonly depthwiseInitializer?: string | Config | Initializer;
  readonly depthwiseRegularizer?: string | Config | Regularizer;
  readonly depthwiseConstraint?: string | Config | Constraint;
}

/** Options of `separableConv1d` and `separableConv2d`. */
export interface SeparableConvOptions<Rank extends 1 | 2> extends DepthwiseConvOptions<Rank> {
  /** Default `glorotUniform`. */
  readonly pointwiseInitializer?: string | Config | Initializer;
  readonly pointwiseRegularizer?: string | Config | Regularizer;
  readonly pointwiseConstraint?: string | Config | Constraint;
}
