import { transposedConvolution } from '@gradstream/autodiff';
import { checkNumber, describeValue, GradstreamError } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ConvTransposeOptions, SpatialRank } from '../convolution/convolution-options.js';
import { layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { channelsOf } from './channels.js';
import { convolutionParts } from './convolution-parts.js';
import { shapeError } from './shape-error.js';

/** A transposed convolution in `rank` spatial dimensions. */
export function convTranspose<Rank extends SpatialRank>(
  rank: Rank,
  filters: number,
  kernelSize: unknown,
  options: ConvTransposeOptions<Rank>,
): Layer {
  const name = `conv${rank}dTranspose`;
  const parts = convolutionParts(name, kernelSize, options, {
    rank,
    kernels: [{ weight: 'kernel', option: 'kernel' }],
    own: ['outputPadding'],
    paddings: ['valid', 'same'],
    exclusive: true,
  });
  const { where, common, sizes, strides, dilations } = parts;
  const padding = parts.padding as 'valid' | 'same';
  checkNumber(where, 'filters', filters, { min: 1, integer: true });
  const outputPadding =
    options.outputPadding === undefined ? undefined : checkOutputPadding(where, options.outputPadding, strides);
  const type = `Conv${rank}DTranspose`;
  const sizeOf = (size: number, index: number): number => {
    const [stride, extra] = [strides[index]!, outputPadding?.[index]];
    const reach = (sizes[index]! - 1) * dilations[index]! + 1;
    if (padding === 'valid') return (size - 1) * stride + reach + (extra ?? Math.max(stride - reach, 0));
    return extra === undefined ? size * stride : (size - 1) * stride + (reach % 2) + extra;
  };
  return {
    type,
    ...common,
    activation: parts.activation,
    build([inputShape], path): LayerBuild {
      const channels = channelsOf(name, path, inputShape!, rank);
      const outputs = inputShape!.slice(1, -1).map((size, index) => (size === null ? null : sizeOf(size, index)));
      if (outputs.some((size) => size !== null && size < 1)) {
        throw shapeError(
          name,
          path,
          'Nothing is left of the output',
          'output sizes of at least 1',
          inputShape!,
          'Raise "outputPadding", or leave it out.',
        );
      }
      return parts.built([[...sizes, filters, channels]], [inputShape![0]!, ...outputs, filters]);
    },
    call: (weights, [x]): Tensor =>
      parts.run(weights, (finish) =>
        transposedConvolution({
          x: x!,
          filter: weights['kernel']!,
          strides,
          dilations,
          padding,
          outputPadding,
          ...finish,
        }),
      ),
    toConfig: () => {
      const extra = outputPadding === undefined ? null : [...outputPadding];
      return layerConfig(type, common, parts.config({ first: { filters }, middle: { outputPadding: extra } }));
    },
  };
}

/** Whole numbers below the strides: one for all dimensions, or a list. */
function checkOutputPadding(where: string, value: unknown, strides: readonly number[]): readonly number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : strides.map(() => value);
  const fits = (extra: unknown, index: number): boolean =>
    Number.isSafeInteger(extra) && (extra as number) >= 0 && (extra as number) < strides[index]!;
  if (list.length === strides.length && list.every(fits)) return list as readonly number[];
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "outputPadding" has a value that cannot be used',
    expected: `a whole number below the stride, or a list of ${strides.length}; strides are ${describeValue(strides)}`,
    received: describeValue(value),
    next: 'Give a smaller one, or leave it out.',
  });
}
