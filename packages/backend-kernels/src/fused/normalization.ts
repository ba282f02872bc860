import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, KernelCall } from '../kernel.js';
import { input, isFloat, isFloats } from './operands.js';

/** What is normalized: x [..., n] in rows, features or channels last. */
export interface NormalizationSizes {
  readonly rows: number;
  readonly n: number;
}

/** The inputs of a gradient: mean, and the inverse of the deviation or the variance, as they came out. */
export type NormalizationInputs = readonly [dy: TensorInfo, x: TensorInfo, mean: TensorInfo, spread: TensorInfo];

/** Running statistics [n], and how much of them a step keeps. */
export interface MovingStatistics {
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
  readonly momentum: number;
}

/** What a backend does itself for normalization. Scale and offset are inputs of the call, of n elements each where they are given. */
export interface Normalization<B> {
  layerNorm(call: KernelCall<B>, x: TensorInfo, sizes: NormalizationSizes, epsilon: number): TensorInfo[];
  layerNormGradient(call: KernelCall<B>, from: NormalizationInputs, sizes: NormalizationSizes): TensorInfo[];
  fusedBatchNorm(
    call: KernelCall<B>,
    from: readonly [x: TensorInfo, mean: TensorInfo, variance: TensorInfo],
    sizes: NormalizationSizes,
    epsilon: number,
  ): TensorInfo;
  /** `moving`: the running statistics take their part of the batch's, and come out too. */
  batchNorm(
    call: KernelCall<B>,
    x: TensorInfo,
    sizes: NormalizationSizes,
    epsilon: number,
    moving: MovingStatistics | undefined,
  ): TensorInfo[];
  batchNormGradient(
    call: KernelCall<B>,
    from: NormalizationInputs,
    sizes: NormalizationSizes,
    epsilon: number,
  ): TensorInfo[];
}

/** tfjs's own default of `varianceEpsilon`. */
const EPSILON = 0.001;

/**
 * Layer and batch normalization, float32; x is [..., n].
 *
 * `GradstreamLayerNorm`: each row by its own mean and variance. Inputs `x`, `gamma` [n] (1 where left out), `beta` [n] (0); attribute `epsilon`. Outputs: y; the means
 * [rows]; the inverses of the deviations, `1 / sqrt(variance + epsilon)`, [rows]. `GradstreamLayerNormGradient`: inputs `dy`, `x`, `mean` and `inverse` as they came
 * out, `gamma`. Outputs: the gradients by x, by gamma [n] and by beta [n].
 *
 * `FusedBatchNorm`, tfjs's: inputs `x`, `mean`, `variance`, `scale`, `offset`; attribute `varianceEpsilon`. For training, each channel by one mean and one variance:
 * `GradstreamBatchNorm`: inputs `x`, `gamma`, `beta`; attribute `epsilon`. Outputs: y; the mean [n] and the variance [n] of x, divided by the number of rows, as
 * running statistics take them; with inputs `movingMean` and `movingVariance` [n] and the attribute `momentum` also these statistics after the batch,
 * `before * momentum + value * (1 - momentum)` in float32. `GradstreamBatchNormGradient`: inputs `dy`, `x`, `mean` and `variance` as they came out, `gamma`; attribute `epsilon`. Outputs: the
 * gradients by x, by gamma [n] and by beta [n].
 */
export function normalizationKernels<B>(own: Normalization<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'GradstreamLayerNorm',
      run: (call) => {
        const [x, epsilon] = [input(call, 'x'), call.attrs['epsilon']];
        const sizes = sizesOf(call, x, ['gamma', 'beta']);
        if (sizes === undefined || typeof epsilon !== 'number') return undefined;
        return own.layerNorm(call, x!, sizes, epsilon);
      },
    },
    {
      name: 'GradstreamLayerNormGradient',
      run: (call) => {
        const [dy, x, mean, inverse] = ['dy', 'x', 'mean', 'inverse'].map((name) => input(call, name));
        const sizes = sizesOf(call, x, ['gamma']);
        if (sizes === undefined || !isFloat(dy, x!.shape) || mean === undefined || inverse === undefined)
          return undefined;
        if (!isFloats(mean, sizes.rows) || !isFloats(inverse, sizes.rows)) return undefined;
        return own.layerNormGradient(call, [dy, x!, mean, inverse], sizes);
      },
    },
    {
      name: 'FusedBatchNorm',
      run: (call) => {
        const [x, mean, variance] = ['x', 'mean', 'variance'].map((name) => input(call, name));
        const sizes = sizesOf(call, x, ['mean', 'variance', 'scale', 'offset']);
        if (sizes === undefined || mean === undefined || variance === undefined) return undefined;
        const epsilon = (call.attrs['varianceEpsilon'] as number | undefined) ?? EPSILON;
        return own.fusedBatchNorm(call, [x!, mean, variance], sizes, epsilon);
      },
    },
    {
      name: 'GradstreamBatchNorm',
      run: (call) => {
        const [x, epsilon] = [input(call, 'x'), call.attrs['epsilon']];
        const sizes = sizesOf(call, x, ['gamma', 'beta', 'movingMean', 'movingVariance']);
        if (sizes === undefined || typeof epsilon !== 'number') return undefined;
        const [mean, variance, momentum] = [
          input(call, 'movingMean'),
          input(call, 'movingVariance'),
          call.attrs['momentum'],
        ];
        if (mean === undefined && variance === undefined) return own.batchNorm(call, x!, sizes, epsilon, undefined);
        if (mean === undefined || variance === undefined || typeof momentum !== 'number') return undefined;
        return own.batchNorm(call, x!, sizes, epsilon, { mean, variance, momentum });
      },
    },
    {
      name: 'GradstreamBatchNormGradient',
      run: (call) => {
        const [dy, x, mean, variance] = ['dy', 'x', 'mean', 'variance'].map((name) => input(call, name));
        const [sizes, epsilon] = [sizesOf(call, x, ['gamma']), call.attrs['epsilon']];
        if (sizes === undefined || typeof epsilon !== 'number') return undefined;
        if (!isFloat(dy, x!.shape) || mean === undefined || variance === undefined) return undefined;
        if (!isFloats(mean, sizes.n) || !isFloats(variance, sizes.n)) return undefined;
        return own.batchNormGradient(call, [dy, x!, mean, variance], sizes, epsilon);
      },
    },
  ];
}

/** Rows and features of x, or undefined where it is not float32 or a parameter has another number of elements. */
function sizesOf(
  call: KernelCall<unknown>,
  x: TensorInfo | undefined,
  names: readonly string[],
): NormalizationSizes | undefined {
  if (!isFloat(x) || x.shape.length === 0) return undefined;
  const n = x.shape.at(-1)!;
  if (!names.every((name) => isFloats(input(call, name), n))) return undefined;
  return { rows: util.sizeFromShape(x.shape.slice(0, -1)), n };
}
