import type { Json } from '@gradstream/core';
import type { BiasOptions, KernelOptions } from '../kernel-and-bias-options.js';
import type { WeightSpec } from '../layer.js';
import { partConfig } from './part-config.js';
import { weightParts } from './weight-parts.js';

/** The names of the options that `kernelAndBias` reads. */
export const KERNEL_AND_BIAS = [
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'biasRegularizer',
  'kernelConstraint',
  'biasConstraint',
] as const;

/** A kernel and a bias, without their shapes. */
export interface KernelAndBias {
  readonly kernel: Omit<WeightSpec, 'shape'>;
  readonly bias: Omit<WeightSpec, 'shape'>;
  /** The config of their options. */
  readonly config: () => Readonly<Record<string, Json>>;
}

/** Looks up the parts of a kernel and a bias. */
export function kernelAndBias(where: string, options: KernelOptions & BiasOptions): KernelAndBias {
  const { kernelInitializer = 'glorotUniform', biasInitializer = 'zeros' } = options;
  const kernel = weightParts('kernel', kernelInitializer, options.kernelRegularizer, options.kernelConstraint);
  const bias = weightParts('bias', biasInitializer, options.biasRegularizer, options.biasConstraint);
  return {
    kernel,
    bias,
    config: () => ({
      kernelInitializer: partConfig(where, 'kernelInitializer', kernel.initializer),
      biasInitializer: partConfig(where, 'biasInitializer', bias.initializer),
      kernelRegularizer: partConfig(where, 'kernelRegularizer', kernel.regularizer),
      biasRegularizer: partConfig(where, 'biasRegularizer', bias.regularizer),
      kernelConstraint: partConfig(where, 'kernelConstraint', kernel.constraint),
      biasConstraint: partConfig(where, 'biasConstraint', bias.constraint),
    }),
  };
}
