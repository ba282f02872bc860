import { keyedUniform } from '@gradstream/autodiff';
import { checkSeed, checkNumber } from '@gradstream/core';
import { add, cast, greaterEqual, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import { checkNoiseShape, noiseShapeOf, seededKey, type NoiseOptions } from '../internal/noise.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** What SELU tends to for large negative inputs: minus its scale times its alpha. */
const SATURATED = -1.7580993408473766;

/**
 * A layer that, while training, sets a share `rate` of its inputs to SELU's smallest value and then scales and moves all so that mean 0 and variance 1 stay;
 * otherwise it passes them on.
 *
 * `a (x kept + s (1 - kept)) + b` with `s = -1.7581`, `a = ((1 - rate)(1 + rate s^2))^(-1/2)` and `b = -a s rate`. Any shape; `noiseShape` as in `dropout`. `rate`
 * from 0 to below 1: at 1, where Keras fails in the first step, nothing is left to scale. Source: Klambauer et al., arXiv:1706.02515.
 */
export function alphaDropout(rate: number, options: NoiseOptions = {}): Layer {
  const where = 'layers/alphaDropout';
  checkNumber(where, 'rate', rate, { min: 0, max: 1, exclusive: 'max' });
  const common = checkLayerOptions(where, options, ['noiseShape', 'seed']);
  const noiseShape = checkNoiseShape(where, options.noiseShape);
  const seed = checkSeed(where, options.seed);
  const a = ((1 - rate) * (1 + rate * SATURATED ** 2)) ** -0.5;
  const b = -a * SATURATED * rate;
  return {
    type: 'AlphaDropout',
    ...common,
    build([inputShape], path): LayerBuild {
      noiseShapeOf('alphaDropout', path, inputShape!, noiseShape);
      return { outputShape: inputShape!, weights: [] };
    },
    call(_, [x], { training, key, step }): Tensor {
      if (!training || rate === 0) return x!;
      const shape = noiseShapeOf('alphaDropout', 'alpha_dropout', x!.shape, noiseShape) as number[];
      const kept = cast(greaterEqual(keyedUniform(shape, seededKey(key, seed), step), rate), 'float32');
      // a (x kept + s (1 - kept)) + b, what depends on the noise alone together.
      return add(mul(x!, mul(kept, a)), add(mul(sub(1, kept), a * SATURATED), b));
    },
    computeMask: passMask,
    toConfig: () =>
      layerConfig('AlphaDropout', common, {
        rate,
        seed: seed ?? null,
        noiseShape: noiseShape === undefined ? null : [...noiseShape],
      }),
  };
}
