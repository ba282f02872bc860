import { add, mul, sqrt, sub, where } from '@tensorflow/tfjs-core';
import { checkFactor, type Factor } from '../../internal/factor.js';
import { randomBoxes } from '../../internal/images/boxes.js';
import { imageSetup, type RandomImageOptions } from '../../internal/images/image-layer.js';
import { mixingLayer, type Mixed } from '../../internal/images/mixing-layer.js';
import { betas } from '../../internal/images/mixing-weights.js';
import type { Layer } from '../../layer.js';

/** Options of `cutMix`. */
export interface CutMixOptions extends RandomImageOptions {
  /** The range that the parameter of the beta distribution of shares is drawn from, from 0 to 1: a number f for 0 to f. Default 1. */
  readonly factor?: Factor;
}

/**
 * A layer that, while training, puts a box of another image of the batch into each image, and blends the labels by the box's area.
 *
 * Inputs: images, or images and labels `[batch, classes]`: `applyAll(cutMix(), [images, labels])` gives both. As Keras' CutMix, which draws one parameter for the
 * whole batch. Source: Yun et al., ICCV 2019.
 */
export function cutMix(options: CutMixOptions = {}): Layer {
  const setup = imageSetup('cutMix', options, ['factor']);
  const factor = checkFactor(setup.where, 'factor', options.factor ?? 1, [0, 1]);
  return mixingLayer('CutMix', setup, { factor }, (images, others, draws): Mixed => {
    const batch = [images.shape[0]!];
    const alpha = add(draws.uniform('alpha', batch, ...factor), 1e-6);
    const side = sqrt(sub(1, betas(draws.of('share'), batch, alpha)));
    const inside = randomBoxes(images, draws, side, side);
    // The box's area as it was drawn, in parts of pixels too, as in Keras.
    return { images: where(inside, others, images), share: sub(1, mul(side, side)) };
  });
}
