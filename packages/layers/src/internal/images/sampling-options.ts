import { checkChoice, checkNumber } from '@gradstream/core';
import type { RandomImageOptions } from './image-layer.js';
import type { Sampling } from './sample-pixels.js';

/** Options of a layer that moves pixels. */
export interface SamplingOptions extends RandomImageOptions {
  /** What lies beyond the edges: the image mirrored (default), again, its last pixel, or `fillValue`. */
  readonly fillMode?: 'reflect' | 'wrap' | 'constant' | 'nearest';
  /** Default `bilinear`. */
  readonly interpolation?: 'nearest' | 'bilinear';
  /** What lies beyond the edges with `fillMode: 'constant'`. Default 0. */
  readonly fillValue?: number;
}

/** The names of the options that all layers have which move pixels. */
export const SAMPLING = ['fillMode', 'interpolation', 'fillValue'] as const;

/** Checks the options that all layers have which move pixels. */
export function checkSampling(where: string, options: SamplingOptions): Sampling {
  return {
    fillMode: checkChoice(where, 'fillMode', options.fillMode ?? 'reflect', ['reflect', 'wrap', 'constant', 'nearest']),
    interpolation: checkChoice(where, 'interpolation', options.interpolation ?? 'bilinear', ['nearest', 'bilinear']),
    fillValue: checkNumber(where, 'fillValue', options.fillValue ?? 0),
  };
}
