import { activation as findActivation, type Activation } from '@gradstream/activations';
import { checkBoolean, checkNumber, type Json } from '@gradstream/core';
import type { CellOptions, GatedCellOptions } from '../../recurrent/cell-options.js';
import type { WeightSpec } from '../../layer.js';
import { kernelAndBias } from '../kernel-and-bias.js';
import { activationConfig, partConfig } from '../part-config.js';
import { weightParts } from '../weight-parts.js';

/** What all cells have of their options. */
export interface CellParts {
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly kernel: Omit<WeightSpec, 'shape'>;
  readonly recurrent: Omit<WeightSpec, 'shape'>;
  readonly bias: Omit<WeightSpec, 'shape'>;
  /** The config of these options. */
  readonly config: () => Readonly<Record<string, Json>>;
}

/** The names of the options that `cellParts` reads. */
export const CELL_OPTIONS = [
  'activation',
  'useBias',
  'kernelInitializer',
  'recurrentInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'recurrentRegularizer',
  'biasRegularizer',
  'kernelConstraint',
  'recurrentConstraint',
  'biasConstraint',
  'dropout',
  'recurrentDropout',
] as const;

/** Checks the options of a cell. */
export function cellParts(where: string, options: CellOptions): CellParts {
  const activation = findActivation(options.activation ?? 'tanh');
  const useBias = checkBoolean(where, 'useBias', options.useBias ?? true);
  const dropout = checkNumber(where, 'dropout', options.dropout ?? 0, { min: 0, max: 1 });
  const recurrentDropout = checkNumber(where, 'recurrentDropout', options.recurrentDropout ?? 0, { min: 0, max: 1 });
  const { kernel, bias } = kernelAndBias(where, options);
  const recurrent = weightParts(
    'recurrent_kernel',
    options.recurrentInitializer ?? 'orthogonal',
    options.recurrentRegularizer,
    options.recurrentConstraint,
  );
  return {
    activation,
    useBias,
    dropout,
    recurrentDropout,
    kernel,
    recurrent,
    bias,
    config: () => ({
      activation: activationConfig(where, activation),
      useBias,
      kernelInitializer: partConfig(where, 'kernelInitializer', kernel.initializer),
      recurrentInitializer: partConfig(where, 'recurrentInitializer', recurrent.initializer),
      biasInitializer: partConfig(where, 'biasInitializer', bias.initializer),
      kernelRegularizer: partConfig(where, 'kernelRegularizer', kernel.regularizer),
      recurrentRegularizer: partConfig(where, 'recurrentRegularizer', recurrent.regularizer),
      biasRegularizer: partConfig(where, 'biasRegularizer', bias.regularizer),
      kernelConstraint: partConfig(where, 'kernelConstraint', kernel.constraint),
      recurrentConstraint: partConfig(where, 'recurrentConstraint', recurrent.constraint),
      biasConstraint: partConfig(where, 'biasConstraint', bias.constraint),
      dropout,
      recurrentDropout,
    }),
  };
}

/** Checks the activation of the gates. */
export function gateActivation(
  where: string,
  options: GatedCellOptions,
): { readonly gate: Activation; readonly config: () => Readonly<Record<string, Json>> } {
  const gate = findActivation(options.recurrentActivation ?? 'sigmoid');
  return { gate, config: () => ({ recurrentActivation: activationConfig(where, gate) }) };
}
