import { checkBoolean, checkChoice, checkNumber } from '@gradstream/core';
import { add, mul, reshape, slice, type Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { augment, AUGMENTATIONS } from '../../internal/images/augmentations.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import { blend } from '../../internal/images/mixing-layer.js';
import { betas, shares } from '../../internal/images/mixing-weights.js';
import { clipTo, eachImage } from '../../internal/images/value-range.js';
import type { Layer } from '../../layer.js';

/** Options of `augMix`. */
export interface AugMixOptions extends RandomColourOptions {
  /** How many chains of changes are mixed. Default 3. */
  readonly numChains?: number;
  /** How many changes a chain has; each may be none. Default 3. */
  readonly chainDepth?: number;
  /** The range of the changes' factors, from 0 to 1: a number f for 0 to f. Default 0.3. */
  readonly factor?: Factor;
  /** The parameter of the distributions that shares are drawn from. Default 1. */
  readonly alpha?: number;
  /** Whether brightness, colour, contrast and sharpness are among the changes. Default true. */
  readonly allOps?: boolean;
  /** Default `bilinear`. */
  readonly interpolation?: 'nearest' | 'bilinear';
}

/**
 * A layer that, while training, mixes each image with several chains of random changes of it, those of `randAugment`. Shares are drawn from a Dirichlet and a beta
 * distribution.
 *
 * Changes and shares are drawn for each image; Keras' AugMix draws them for the whole batch. Every change of every chain is computed, so it is slow: `numChains *
 * chainDepth` times a step of `randAugment`. Images have one or three channels. Source: Hendrycks et al., ICLR 2020.
 */
export function augMix(options: AugMixOptions = {}): Layer {
  const own = ['valueRange', 'numChains', 'chainDepth', 'factor', 'alpha', 'allOps', 'interpolation'];
  const setup = imageSetup('augMix', options, own);
  const { where } = setup;
  const valueRange = checkValueRange(where, options.valueRange);
  const numChains = checkNumber(where, 'numChains', options.numChains ?? 3, { min: 1, max: 100, integer: true });
  const chainDepth = checkNumber(where, 'chainDepth', options.chainDepth ?? 3, { min: 0, max: 100, integer: true });
  const factor = checkFactor(where, 'factor', options.factor ?? 0.3, [0, 1]);
  const alpha = checkNumber(where, 'alpha', options.alpha ?? 1, { min: 0, exclusive: 'min' });
  const allOps = checkBoolean(where, 'allOps', options.allOps ?? true);
  const interpolation = checkChoice(where, 'interpolation', options.interpolation ?? 'bilinear', [
    'nearest',
    'bilinear',
  ]);
  const names = allOps ? AUGMENTATIONS : AUGMENTATIONS.slice(0, -4);
  return imageLayer('AugMix', setup, {
    config: { valueRange, numChains, chainDepth, factor, alpha, allOps, interpolation },
    channels: [1, 3],
    transform(x, draws): Tensor {
      const batch = x.shape[0]!;
      const parts = shares(draws.of('chains'), [batch, numChains], alpha);
      const chains = Array.from({ length: numChains }, (_, chain) => {
        let images = x;
        for (let step = 0; step < chainDepth; step++)
          images = augment(
            images,
            draws.of(`chain${chain}/${step}`),
            { factor, valueRange, interpolation },
            {
              names,
              orNothing: true,
            },
          );
        return mul(images, eachImage(reshape(slice(parts, [0, chain], [batch, 1]), [batch])));
      });
      const changed = chains.reduce((sum, chain) => add(sum, chain));
      return clipTo(blend(x, changed, eachImage(betas(draws.of('whole'), [batch], alpha))), valueRange);
    },
  });
}
