import type { EachDimension, SpatialRank } from '../convolution/convolution-options.js';
import type { SpatialOptions } from '../internal/cropping.js';

/** Options of `maxPooling1d` to `maxPooling3d` and `averagePooling1d` to `averagePooling3d`. */
export interface PoolingOptions<Rank extends SpatialRank> extends SpatialOptions {
  /** The step between windows. Default: the window's size. */
  readonly strides?: EachDimension<Rank>;
  /** `valid` (default): whole windows only. `same`: windows may reach over the ends, sizes are divided by the stride. */
  readonly padding?: 'valid' | 'same';
}

/** Options of the layers that pool over all places. */
export interface GlobalPoolingOptions extends SpatialOptions {
  /** Keeps the pooled dimensions, of size 1. Default false. */
  readonly keepdims?: boolean;
}
