import { checkBoolean, checkChoice, checkNumber, GradstreamError } from '@gradstream/core';
import { cast, round, type Tensor } from '@tensorflow/tfjs-core';
import { cropToProportion, padToProportion } from '../../internal/images/fit-images.js';
import { imageLayer, imageSetup, type ImageOptions } from '../../internal/images/image-layer.js';
import { resizeImages } from '../../internal/resize-images.js';
import { INTERPOLATIONS } from '../../internal/resize-matrix.js';
import type { Layer, LayerBuild } from '../../layer.js';

/** Options of `resizing`. */
export interface ResizingOptions extends ImageOptions {
  /** How values between pixels are found. Default `bilinear`. */
  readonly interpolation?: 'nearest' | 'bilinear' | 'bicubic' | 'lanczos3' | 'lanczos5';
  /** Cuts images to the new proportion first, around their middle, so that they are not distorted. Default false. */
  readonly cropToAspectRatio?: boolean;
  /** Pads images to the new proportion first, as much on both sides. Default false. */
  readonly padToAspectRatio?: boolean;
  /** How images are padded: with `fillValue`. Default and only choice. */
  readonly fillMode?: 'constant';
  /** What images are padded with. Default 0. */
  readonly fillValue?: number;
  /** Takes means over all pixels that go into one where images get smaller. Default false. */
  readonly antialias?: boolean;
}

/**
 * A layer that resizes images to `height` rows and `width` columns: `[batch, rows, columns, channels]` in, `[batch, height, width, channels]` out.
 *
 * Whole numbers are rounded to whole numbers, as in Keras; they are not cut off at 255, which a smooth interpolation can pass by a little. Two products with
 * matrices: every backend has it and its gradient. The kernels are exact, where TensorFlow reads bicubic and Lanczos ones from a table.
 */
export function resizing(height: number, width: number, options: ResizingOptions = {}): Layer {
  const setup = imageSetup(
    'resizing',
    options,
    ['interpolation', 'cropToAspectRatio', 'padToAspectRatio', 'fillMode', 'fillValue', 'antialias'],
    false,
  );
  const { where } = setup;
  for (const [name, size] of Object.entries({ height, width }))
    checkNumber(where, name, size, { min: 1, integer: true });
  const interpolation = checkChoice(where, 'interpolation', options.interpolation ?? 'bilinear', INTERPOLATIONS);
  const crop = checkBoolean(where, 'cropToAspectRatio', options.cropToAspectRatio ?? false);
  const pad = checkBoolean(where, 'padToAspectRatio', options.padToAspectRatio ?? false);
  const fillMode = checkChoice(where, 'fillMode', options.fillMode ?? 'constant', ['constant']);
  const fillValue = checkNumber(where, 'fillValue', options.fillValue ?? 0);
  const antialias = checkBoolean(where, 'antialias', options.antialias ?? false);
  if (crop && pad) throw cropAndPad(where);
  const config = {
    height,
    width,
    interpolation,
    cropToAspectRatio: crop,
    padToAspectRatio: pad,
    fillMode,
    fillValue,
    antialias,
  };
  const layer = imageLayer('Resizing', setup, {
    config,
    always: true,
    size: [height, width],
    transform(given): Tensor {
      const x = cast(given, 'float32');
      const fitting = crop
        ? cropToProportion(x, [height, width])
        : pad
          ? padToProportion(x, [height, width], fillValue)
          : x;
      const resized = resizeImages(fitting, [height, width], interpolation, antialias);
      return given.dtype === 'int32' ? cast(round(resized), 'int32') : resized;
    },
  });
  return {
    ...layer,
    inputDtype: 'any',
    build: (shapes, path): LayerBuild => ({ ...layer.build(shapes, path), outputDtype: 'input' }),
  };
}

function cropAndPad(where: string): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'Images cannot be cut and padded at once',
    expected: 'one of cropToAspectRatio and padToAspectRatio',
    received: 'both',
    next: 'Leave one of them out.',
  });
}
