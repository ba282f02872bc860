import { activation as findActivation, type Activation } from '@gradstream/activations';
import { contract } from '@gradstream/autodiff';
import { checkNumber, describeValue, GradstreamError, type Config, type Shape } from '@gradstream/core';
import { add, type Tensor } from '@tensorflow/tfjs-core';
import { checkEquation, einsumPlan, type EinsumPlan } from '../internal/einsum-equation.js';
import { KERNEL_AND_BIAS, kernelAndBias } from '../internal/kernel-and-bias.js';
import { activationConfig } from '../internal/part-config.js';
import type { BiasOptions, KernelOptions } from '../kernel-and-bias-options.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** Options of `einsumDense`. */
export interface EinsumDenseOptions extends LayerOptions, KernelOptions, BiasOptions {
  /** Applied to the output. Default: none (linear). */
  readonly activation?: string | Config | Activation;
  /** The letters of the output along which there is a bias: `'d'`. Default: no bias. */
  readonly biasAxes?: string;
}

const OWN = ['activation', 'biasAxes', ...KERNEL_AND_BIAS] as const;

/**
 * A dense layer whose product is written as an equation: `einsumDense('abc,cd->abd', [null, 64])` is a dense layer on each step.
 *
 * The equation has the forms `X,Y->Z`, `...X,Y->...Z` and `X...,Y->Z...`: X are the input's dimensions, Y the kernel's, Z the output's. `outputShape` is the output's
 * shape without the batch and without what the dots stand for; null for a size that the input has. Throws `GS_LAYER_SHAPE` where they do not fit the input.
 */
export function einsumDense(equation: string, outputShape: number | Shape, options: EinsumDenseOptions = {}): Layer {
  const where = 'layers/einsumDense';
  const common = checkLayerOptions(where, options, OWN);
  const { biasAxes } = options;
  checkEquation(where, equation, biasAxes);
  const sizes = checkSizes(where, outputShape);
  const activation = options.activation === undefined ? undefined : findActivation(options.activation as string);
  const parts = kernelAndBias(where, options);
  const { kernel, bias } = parts;
  const planOf = (path: string, shape: Shape): EinsumPlan => einsumPlan(path, equation, shape, sizes, biasAxes);
  return {
    type: 'EinsumDense',
    ...common,
    activation,
    build([inputShape], path): LayerBuild {
      const plan = planOf(path, inputShape!);
      const weights = [{ ...kernel, shape: plan.kernelShape }];
      if (plan.biasShape !== undefined) weights.push({ ...bias, shape: plan.biasShape });
      return { outputShape: plan.outputShape, weights };
    },
    call(weights, [x]): Tensor {
      const { a, b, out } = planOf('einsum_dense', x!.shape);
      const product = contract({ tensor: x!, labels: a }, { tensor: weights.kernel!, labels: b }, out);
      const sum = biasAxes === undefined ? product : add(product, weights.bias!);
      return activation === undefined ? sum : activation(sum);
    },
    computeMask: passMask,
    toConfig: () =>
      layerConfig('EinsumDense', common, {
        equation,
        outputShape: typeof outputShape === 'number' ? outputShape : [...sizes],
        activation: activation === undefined ? 'linear' : activationConfig(where, activation),
        biasAxes: biasAxes ?? null,
        ...parts.config(),
      }),
  };
}

function checkSizes(where: string, outputShape: unknown): Shape {
  if (typeof outputShape === 'number')
    return [checkNumber(where, 'outputShape', outputShape, { min: 1, integer: true })];
  const sound =
    Array.isArray(outputShape) &&
    outputShape.every((size) => size === null || (Number.isSafeInteger(size) && (size as number) > 0));
  if (sound) return outputShape as Shape;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The outputShape cannot be used',
    expected: 'a positive whole number, or a list of them and null',
    received: describeValue(outputShape),
    next: 'Give the shape of the output without the batch, for example [null, 64].',
  });
}
