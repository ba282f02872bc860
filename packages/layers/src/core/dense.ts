import {
  activation as findActivation,
  activationName,
  activationShape,
  type Activation,
} from '@gradstream/activations';
import { fusedDense } from '@gradstream/autodiff';
import { checkBoolean, checkNumber, describeShape, GradstreamError, type Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { KERNEL_AND_BIAS, kernelAndBias } from '../internal/kernel-and-bias.js';
import { activationConfig } from '../internal/part-config.js';
import type { BiasOptions, KernelOptions } from '../kernel-and-bias-options.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild, WeightSpec } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** Options of `dense`. Parts are given by name or as the function itself. */
export interface DenseOptions extends LayerOptions, KernelOptions, BiasOptions {
  /** Applied to the output. Default: none (linear). */
  readonly activation?: string | Activation;
  /** Adds a bias. Default true. */
  readonly useBias?: boolean;
}

const OWN = ['activation', 'useBias', ...KERNEL_AND_BIAS] as const;

/** Activations that the fused product computes itself. */
const FUSED = ['linear', 'relu', 'relu6', 'sigmoid', 'tanh', 'elu', 'softmax'] as const;
type Fused = (typeof FUSED)[number];

/**
 * A densely connected layer: `activation(x · kernel + bias)`.
 *
 * Input `[batch, ..., features]`, output `[batch, ..., units]`; kernel `[features, units]`, bias `[units]`. As Keras' Dense, also on inputs of
 * more than two dimensions. Throws `GS_LAYER_SHAPE` where the input has fewer than two dimensions or its width is not known.
 */
export function dense(units: number, options: DenseOptions = {}): Layer {
  const where = `layers/dense${typeof options.name === 'string' ? ` "${options.name}"` : ''}`;
  checkNumber(where, 'units', units, { min: 1, integer: true });
  const common = checkLayerOptions(where, options, OWN);
  const useBias = checkBoolean(where, 'useBias', options.useBias ?? true);
  const activation = options.activation === undefined ? undefined : findActivation(options.activation);
  const name = activation === undefined ? 'linear' : activationName(activation);
  const fused = FUSED.includes(name as Fused) ? (name as Fused) : undefined;
  const parts = kernelAndBias(where, options);
  const { kernel, bias } = parts;

  return {
    type: 'Dense',
    ...common,
    activation,
    build([inputShape], path): LayerBuild {
      const features = checkInput(path, inputShape!);
      const weights: WeightSpec[] = [{ ...kernel, shape: [features, units] }];
      if (useBias) weights.push({ ...bias, shape: [units] });
      const outputShape = [...inputShape!.slice(0, -1), units];
      return {
        outputShape: activation === undefined ? outputShape : activationShape(activation, outputShape),
        weights,
      };
    },
    call(weights, [x]): Tensor {
      const y = fusedDense({
        x: x!,
        kernel: weights.kernel!,
        bias: useBias ? weights.bias! : undefined,
        activation: fused ?? 'linear',
      });
      return fused === undefined ? activation!(y) : y;
    },
    computeMask: passMask,
    toConfig: () =>
      layerConfig('Dense', common, {
        units,
        activation: activation === undefined ? 'linear' : activationConfig(where, activation),
        useBias,
        ...parts.config(),
      }),
  };
}

function checkInput(path: string, shape: Shape): number {
  const features = shape.at(-1);
  if (shape.length >= 2 && typeof features === 'number') return features;
  throw new GradstreamError('GS_LAYER_SHAPE', {
    where: `layers/dense "${path}"`,
    what:
      shape.length < 2
        ? `The input has ${shape.length} dimension${shape.length === 1 ? '' : 's'}`
        : "The input's width is not known",
    expected: '[batch, ..., features] with a known number of features',
    received: describeShape(shape),
    next:
      shape.length < 2
        ? 'Give each example at least one feature: inputShape [1] instead of [].'
        : 'Give the last dimension a size.',
  });
}
