import { div, expandDims, log, mul, neg, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { clipProbability, unclipped } from './clip-probability.js';
import { withGradient } from './with-gradient.js';

/**
 * Cross-entropy of class probabilities, [..., k] and [..., k] to [...]: `-sum(t * log(clip(p / sum(p))))`.
 *
 * With `q = p / sum(p)` and `r = t / clip(q)` where the clip leaves q alone, 0 elsewhere, the gradient is `(sum(r * q) - r) / sum(p)`.
 */
export function crossentropyOfProbabilities(targets: Tensor, probabilities: Tensor): Tensor {
  return withGradient(probabilities, (p) => {
    const total = sum(p, -1, true);
    const q = div(p, total);
    const clipped = clipProbability(q);
    return {
      value: neg(sum(mul(targets, log(clipped)), -1)),
      saved: [targets, total, q, clipped],
      gradient: (dy, [t, s, share, clippedShare]) => {
        const r = mul(div(t!, clippedShare!), unclipped(share!, clippedShare!));
        return mul(sub(sum(mul(r, share!), -1, true), r), div(expandDims(dy, -1), s!));
      },
    };
  });
}
