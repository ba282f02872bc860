import { checkNumber } from '@gradstream/core';
import { imageSetup, type RandomImageOptions } from '../../internal/images/image-layer.js';
import { blend, mixingLayer, type Mixed } from '../../internal/images/mixing-layer.js';
import { betas } from '../../internal/images/mixing-weights.js';
import { eachImage } from '../../internal/images/value-range.js';
import type { Layer } from '../../layer.js';

/** Options of `mixUp`. */
export interface MixUpOptions extends RandomImageOptions {
  /** Shares are drawn from a beta distribution with this parameter twice: below 1 most images stay nearly whole. Default 0.2. */
  readonly alpha?: number;
}

/**
 * A layer that, while training, blends each image with another of the batch: `share * image + (1 - share) * other`.
 *
 * Inputs: images, or images and labels `[batch, classes]`, which are blended in the same shares: `applyAll(mixUp(), [images, labels])` gives both. As Keras' MixUp.
 * Source: Zhang et al., ICLR 2018.
 */
export function mixUp(options: MixUpOptions = {}): Layer {
  const setup = imageSetup('mixUp', options, ['alpha']);
  const alpha = checkNumber(setup.where, 'alpha', options.alpha ?? 0.2, { min: 0, exclusive: 'min' });
  return mixingLayer('MixUp', setup, { alpha }, (images, others, draws): Mixed => {
    const share = betas(draws.of('share'), [images.shape[0]!], alpha);
    return { images: blend(images, others, eachImage(share)), share };
  });
}
