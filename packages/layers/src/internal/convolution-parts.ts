import {
  activation as findActivation,
  activationName,
  activationShape,
  type Activation,
} from '@gradstream/activations';
import type { FusedActivation } from '@gradstream/autodiff';
import { checkBoolean, checkChoice, describeValue, GradstreamError, type Json, type Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ConvolutionOptions, SpatialRank } from '../convolution/convolution-options.js';
import { checkLayerOptions, type LayerCommon } from '../layer-options.js';
import type { WeightSpec } from '../layer.js';
import { checkChannelsLast, eachSize } from './amounts.js';
import { activationConfig, partConfig } from './part-config.js';
import { weightParts } from './weight-parts.js';
import type { Windows } from './window-sizes.js';

/** One kernel of a convolution: the weight's name, and how the names of its options begin. */
export interface KernelName {
  readonly weight: string;
  readonly option: 'kernel' | 'depthwise' | 'pointwise';
}

/** What a kind of convolution is, beside what all have. */
export interface ConvolutionKind {
  readonly rank: SpatialRank;
  readonly kernels: readonly KernelName[];
  /** Its own options. */
  readonly own: readonly string[];
  readonly paddings: readonly Windows['padding'][];
  /** Whether strides and dilations above 1 exclude each other. */
  readonly exclusive: boolean;
}

/** What all convolutions have, checked. */
export interface ConvolutionParts extends Required<Windows> {
  readonly where: string;
  readonly common: LayerCommon;
  readonly activation: Activation | undefined;
  /** The kernels, without their shapes. */
  readonly kernels: readonly Omit<WeightSpec, 'shape'>[];
  /** The weights and the output's shape, from the kernels' shapes and the shape before the activation. */
  built(
    kernelShapes: readonly (readonly number[])[],
    shape: Shape,
  ): { readonly outputShape: Shape; readonly weights: readonly WeightSpec[] };
  /** Runs a convolution with bias and activation: in one step where the activation is one that backends fuse. */
  run(
    weights: Readonly<Record<string, Tensor>>,
    convolve: (finish: { readonly bias?: Tensor; readonly activation?: FusedActivation }) => Tensor,
  ): Tensor;
  /** The entries of the config, with a kind's own ones in their place. */
  config(own: { readonly first: Record<string, Json>; readonly middle?: Record<string, Json> }): Record<string, Json>;
}

const OWN = ['strides', 'padding', 'dataFormat', 'dilationRate', 'activation', 'useBias'] as const;
const FUSED = ['linear', 'relu', 'relu6', 'sigmoid', 'tanh', 'elu'] as const;

/** Checks the options of a convolution and looks its parts up. */
export function convolutionParts(
  factory: string,
  kernelSize: unknown,
  options: ConvolutionOptions<SpatialRank> & { readonly padding?: unknown },
  kind: ConvolutionKind,
): ConvolutionParts {
  const where = `layers/${factory}${typeof options?.name === 'string' ? ` "${options.name}"` : ''}`;
  const { rank, kernels: names, own, paddings } = kind;
  const prefixes = [...names.map(({ option }) => option), 'bias'];
  const ofParts = ['Initializer', 'Regularizer', 'Constraint'].flatMap((part) =>
    prefixes.map((prefix) => `${prefix}${part}`),
  );
  const common = checkLayerOptions(where, options, [...OWN, ...own, ...ofParts]);
  const sizes = eachSize(where, 'kernelSize', kernelSize, rank);
  const strides = eachSize(where, 'strides', options.strides ?? 1, rank);
  const dilations = eachSize(where, 'dilationRate', options.dilationRate ?? 1, rank);
  if (kind.exclusive) checkExclusive(where, strides, dilations);
  const padding = checkChoice(where, 'padding', options.padding ?? 'valid', paddings);
  const dataFormat = checkChannelsLast(where, options.dataFormat);
  const useBias = checkBoolean(where, 'useBias', options.useBias ?? true);
  const activation = options.activation === undefined ? undefined : findActivation(options.activation);
  const name = activation === undefined ? 'linear' : activationName(activation);
  const fused = FUSED.find((known) => known === name);
  const given = options as Readonly<Record<string, string | undefined>>;
  const parts = [...names, { weight: 'bias', option: 'bias' }].map(({ weight, option }) =>
    weightParts(
      weight,
      given[`${option}Initializer`] ?? (option === 'bias' ? 'zeros' : 'glorotUniform'),
      given[`${option}Regularizer`],
      given[`${option}Constraint`],
    ),
  );
  const kernels = parts.slice(0, -1);
  const bias = parts.at(-1)!;
  const partConfigs = (kindOfPart: 'initializer' | 'regularizer' | 'constraint'): Record<string, Json> =>
    Object.fromEntries(
      prefixes.map((prefix, index) => {
        const option = `${prefix}${kindOfPart[0]!.toUpperCase()}${kindOfPart.slice(1)}`;
        return [option, partConfig(where, option, parts[index]![kindOfPart])];
      }),
    );
  return {
    where,
    common,
    sizes,
    strides,
    dilations,
    padding,
    activation,
    kernels,
    built(kernelShapes, shape) {
      const weights: WeightSpec[] = kernelShapes.map((of, index) => ({ ...kernels[index]!, shape: of }));
      if (useBias) weights.push({ ...bias, shape: [shape.at(-1)!] });
      return { outputShape: activation === undefined ? shape : activationShape(activation, shape), weights };
    },
    run(weights, convolve) {
      const y = convolve({
        ...(useBias ? { bias: weights['bias']! } : {}),
        ...(fused === undefined ? {} : { activation: fused }),
      });
      return fused === undefined ? activation!(y) : y;
    },
    config: ({ first, middle = {} }) => ({
      ...first,
      kernelSize: [...sizes],
      strides: [...strides],
      padding,
      dataFormat,
      dilationRate: [...dilations],
      ...middle,
      activation: activation === undefined ? 'linear' : activationConfig(where, activation),
      useBias,
      ...partConfigs('initializer'),
      ...partConfigs('regularizer'),
      ...partConfigs('constraint'),
    }),
  };
}

/** Throws `GS_OPTION_VALUE` where both are above 1 somewhere, as Keras does. */
function checkExclusive(where: string, strides: readonly number[], dilations: readonly number[]): void {
  if (Math.max(...strides) === 1 || Math.max(...dilations) === 1) return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The options "strides" and "dilationRate" are both above 1',
    expected: 'one of them to be 1',
    received: `strides ${describeValue(strides)} and dilationRate ${describeValue(dilations)}`,
    next: 'Leave one of them out.',
  });
}
