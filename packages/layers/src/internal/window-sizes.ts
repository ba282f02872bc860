import type { Shape } from '@gradstream/core';
import { shapeError } from './shape-error.js';

/** Windows that move over the spatial dimensions of [batch, ...spatial, channels]. */
export interface Windows {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
  /** The step between the taps of a window. Default 1. */
  readonly dilations?: readonly number[];
  readonly padding: 'valid' | 'same' | 'causal';
}

/**
 * How many windows there are along each spatial dimension; null where the size is not known.
 *
 * `floor((size - reach) / stride) + 1` with `reach = (window - 1) dilation + 1`, and `ceil(size / stride)` where zeros are added. Throws `GS_LAYER_SHAPE`
 * where there is none.
 */
export function windowCounts(type: string, path: string, shape: Shape, windows: Windows): (number | null)[] {
  const { sizes, strides, dilations, padding } = windows;
  return sizes.map((window, index) => {
    const size = shape[index + 1]!;
    if (size === null) return null;
    if (padding !== 'valid') return Math.ceil(size / strides[index]!);
    const reach = (window - 1) * (dilations?.[index] ?? 1) + 1;
    if (size >= reach) return Math.floor((size - reach) / strides[index]!) + 1;
    throw shapeError(
      type,
      path,
      `The window does not fit into dimension ${index + 1}: the output would be empty`,
      `at least ${reach} element${reach === 1 ? '' : 's'} along dimension ${index + 1}`,
      shape,
      "Make the window or its dilation smaller, or pad with padding 'same'.",
    );
  });
}
