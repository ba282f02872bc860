import { checkNumber, checkOptions, describeShape, GradstreamError } from '@gradstream/core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/** What `fusedLayerNorm` and `fusedBatchNorm` take. */
export interface NormalizationOperands {
  /** What is normalized: [..., n], at least one dimension. */
  readonly x: Tensor;
  /** A factor for each place of the last dimension: [n]. None by default. */
  readonly gamma?: Tensor | undefined;
  /** Added after that: [n]. None by default. */
  readonly beta?: Tensor | undefined;
  /** Added to the variance, 0 or more. Default 0.001. */
  readonly epsilon?: number | undefined;
}

/** Running statistics of a batch normalization: each step keeps `momentum` of them and takes the rest from its batch. */
export interface MovingStatistics {
  /** [n]. */
  readonly mean: Tensor;
  /** [n]. */
  readonly variance: Tensor;
  /** 0 to 1. */
  readonly momentum: number;
}

/** The operands as a kernel takes them. Throws `GS_AUTODIFF_SHAPE` where they do not fit, and what the options deserve. */
export function normalizationInputs(
  where: string,
  operands: NormalizationOperands,
  more: readonly string[] = [],
): { readonly inputs: NamedTensorMap & { readonly x: Tensor }; readonly epsilon: number } {
  checkOptions(where, operands, ['x', 'gamma', 'beta', 'epsilon', ...more]);
  const { x, gamma, beta } = operands;
  const epsilon = checkNumber(where, 'epsilon', operands.epsilon ?? 0.001, { min: 0 });
  const n = x.shape.at(-1);
  const fits = (parameter: Tensor | undefined): boolean => parameter === undefined || isVector(parameter, n);
  if (n === undefined || !fits(gamma) || !fits(beta)) {
    throw new GradstreamError('GS_AUTODIFF_SHAPE', {
      where,
      what: 'The shapes do not fit together',
      expected: 'x [..., n], gamma [n], beta [n]',
      received: [x, gamma, beta]
        .map((tensor) => (tensor === undefined ? 'none' : describeShape(tensor.shape)))
        .join(', '),
      next: 'Give one number for each place of the last dimension.',
    });
  }
  return {
    inputs: { x, ...(gamma === undefined ? {} : { gamma }), ...(beta === undefined ? {} : { beta }) },
    epsilon,
  };
}

/** Throws `GS_AUTODIFF_SHAPE` for running statistics of another width, and what the options deserve. */
export function checkMoving(
  where: string,
  moving: MovingStatistics | undefined,
  n: number,
): MovingStatistics | undefined {
  if (moving === undefined) return undefined;
  checkOptions(`${where} moving`, moving, ['mean', 'variance', 'momentum']);
  checkNumber(where, 'momentum', moving.momentum, { min: 0, max: 1 });
  const { mean, variance } = moving;
  if (isVector(mean, n) && isVector(variance, n)) return moving;
  throw new GradstreamError('GS_AUTODIFF_SHAPE', {
    where,
    what: 'The running statistics do not fit',
    expected: `mean and variance [${n}]`,
    received: [mean, variance]
      .map((tensor) => (tensor === undefined ? 'none' : describeShape(tensor.shape)))
      .join(', '),
    next: 'Give one number for each place of the last dimension.',
  });
}

const isVector = (x: Tensor | undefined, n: number | undefined): boolean => x?.rank === 1 && x.shape[0] === n;
