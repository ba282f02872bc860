import { checkBoolean, type Config, type Json } from '@gradstream/core';
import type { Initializer } from '@gradstream/initializers';
import type { Regularizer } from '@gradstream/regularizers';
import type { Constraint } from '@gradstream/regularizers/constraints';
import type { LayerOptions } from '../layer-options.js';
import type { WeightSpec } from '../layer.js';
import { partConfig } from './part-config.js';
import { weightParts } from './weight-parts.js';

/** Options of the factor and the offset that normalizing layers have. */
export interface AffineOptions extends LayerOptions {
  /** Adds an offset `beta`. Default true. */
  readonly center?: boolean;
  /** Multiplies by a factor `gamma`. Default true. */
  readonly scale?: boolean;
  /** Default `zeros`. */
  readonly betaInitializer?: string | Config | Initializer;
  /** Default `ones`. */
  readonly gammaInitializer?: string | Config | Initializer;
  readonly betaRegularizer?: string | Config | Regularizer;
  readonly gammaRegularizer?: string | Config | Regularizer;
  readonly betaConstraint?: string | Config | Constraint;
  readonly gammaConstraint?: string | Config | Constraint;
}

/** The names of these options. */
export const AFFINE_OPTIONS = [
  'center',
  'scale',
  'betaInitializer',
  'gammaInitializer',
  'betaRegularizer',
  'gammaRegularizer',
  'betaConstraint',
  'gammaConstraint',
] as const;

/** The factor and the offset of a layer, without a shape yet. */
export interface Affine {
  readonly center: boolean;
  readonly scale: boolean;
  /** Those of the two weights that there are. */
  readonly specs: (shape: readonly number[]) => readonly WeightSpec[];
  readonly config: () => Readonly<Record<string, Json>>;
}

/** Looks up the parts of factor and offset. */
export function affineParts(where: string, options: AffineOptions): Affine {
  const center = checkBoolean(where, 'center', options.center ?? true);
  const scale = checkBoolean(where, 'scale', options.scale ?? true);
  const { gammaInitializer = 'ones', betaInitializer = 'zeros' } = options;
  const gamma = weightParts('gamma', gammaInitializer, options.gammaRegularizer, options.gammaConstraint);
  const beta = weightParts('beta', betaInitializer, options.betaRegularizer, options.betaConstraint);
  return {
    center,
    scale,
    specs: (shape) => [...(scale ? [{ ...gamma, shape }] : []), ...(center ? [{ ...beta, shape }] : [])],
    config: () => ({
      center,
      scale,
      betaInitializer: partConfig(where, 'betaInitializer', beta.initializer),
      gammaInitializer: partConfig(where, 'gammaInitializer', gamma.initializer),
      betaRegularizer: partConfig(where, 'betaRegularizer', beta.regularizer),
      gammaRegularizer: partConfig(where, 'gammaRegularizer', gamma.regularizer),
      betaConstraint: partConfig(where, 'betaConstraint', beta.constraint),
      gammaConstraint: partConfig(where, 'gammaConstraint', gamma.constraint),
    }),
  };
}
