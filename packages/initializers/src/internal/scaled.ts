import { checkOptions } from '@gradstream/core';
import type { Initializer } from '../initializer.js';
import { varianceScaling, type VarianceScalingOptions } from '../variance-scaling.js';
import type { ScaledOptions } from './fan-axes.js';

/** `varianceScaling` with some options fixed, under a type of its own. Throws for an option that is fixed. */
export function scaled(type: string, fixed: VarianceScalingOptions, options: ScaledOptions): Initializer {
  const where = `initializers/${type[0]!.toLowerCase()}${type.slice(1)}`;
  checkOptions(where, options, ['seed', 'inputAxes', 'outputAxes']);
  const initialize = varianceScaling({ ...fixed, ...options });
  const { seed, inputAxes, outputAxes } = initialize.config!.config;
  const named: Initializer = (shape, key) => initialize(shape, key);
  return Object.assign(named, {
    config: { type, config: { seed: seed!, inputAxes: inputAxes!, outputAxes: outputAxes! } },
  });
}
