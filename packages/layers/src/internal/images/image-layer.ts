import { checkSeed, describeShape, type Config, type Json, type Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, layerConfig, type LayerCommon, type LayerOptions } from '../../layer-options.js';
import type { Layer, LayerBuild } from '../../layer.js';
import { checkChannelsLast } from '../amounts.js';
import { drawsOf, type Draws } from '../draws.js';
import type { SeedOptions } from '../noise.js';
import { checkRank, shapeError } from '../shape-error.js';
import { SPATIAL_FORMS } from '../spatial-forms.js';

/** Options of a layer on images. */
export interface ImageOptions extends LayerOptions {
  /** Where the channels are. Default and only choice: `channelsLast`. */
  readonly dataFormat?: 'channelsLast';
}

/** Options of a layer that changes images at random. */
export interface RandomImageOptions extends ImageOptions, SeedOptions {}

/** What all layers on images have of their options. */
export interface ImageSetup {
  readonly name: string;
  readonly where: string;
  readonly common: LayerCommon;
  /** Config keys that all have. */
  readonly keys: Readonly<Record<string, Json>>;
  readonly seed: number | undefined;
}

/** Checks the options of a layer on images; `own` are its own beside `dataFormat` and, where it is random, `seed`. */
export function imageSetup(
  name: string,
  options: RandomImageOptions,
  own: readonly string[],
  random = true,
): ImageSetup {
  const where = `layers/${name}`;
  const common = checkLayerOptions(where, options, [...own, 'dataFormat', ...(random ? ['seed'] : [])]);
  const dataFormat = checkChannelsLast(where, options.dataFormat);
  const seed = random ? checkSeed(where, options.seed) : undefined;
  return { name, where, common, keys: { dataFormat, ...(random ? { seed: seed ?? null } : {}) }, seed };
}

/** What tells one layer on images from another. */
export interface ImageParts {
  readonly config: Config['config'];
  /** The new images. Called while training only, unless `always`. */
  readonly transform: (x: Tensor, draws: Draws) => Tensor;
  /** The new images in use, where they are not the given ones. */
  readonly inUse?: (x: Tensor) => Tensor;
  /** Whether images are changed in use as well, in the same way. */
  readonly always?: boolean;
  /** How many channels can be. Default: any number. */
  readonly channels?: readonly number[];
  /** Height and width of the new images. Default: those of the given ones. */
  readonly size?: readonly [number, number];
}

/** A layer on images `[batch, height, width, channels]` without weights. */
export function imageLayer(type: string, { name, common, keys, seed }: ImageSetup, parts: ImageParts): Layer {
  const { config, transform, inUse, always = false, channels, size } = parts;
  return {
    type,
    ...common,
    build([inputShape], path): LayerBuild {
      checkImages(name, path, inputShape!, channels);
      const [batch, height, width, depth] = inputShape!;
      return { outputShape: [batch!, size?.[0] ?? height!, size?.[1] ?? width!, depth!], weights: [] };
    },
    call(_, [x], context): Tensor {
      if (context.training || always) return transform(x!, drawsOf(context, seed));
      return inUse === undefined ? x! : inUse(x!);
    },
    toConfig: () => layerConfig(type, common, { ...keys, ...config }),
  };
}

/** Throws `GS_LAYER_SHAPE` for anything but images of so many channels. */
export function checkImages(name: string, path: string, shape: Shape, channels?: readonly number[]): void {
  checkRank(name, path, shape, 4, SPATIAL_FORMS[2]);
  if (channels === undefined || channels.includes(shape[3] as number)) return;
  throw shapeError(
    name,
    path,
    'The images have another number of channels than colours are made of',
    `[batch, height, width, ${channels.join(' or ')}]`,
    describeShape(shape),
    'Give the layer images of red, green and blue.',
  );
}
