import { adam, type AdamOptions } from './adam.js';
import type { GradientTransformation } from './gradient-transformation.js';

/** Options of `adamW`. The default learning rate is 0.001, the default weight decay 0.004. */
export type AdamWOptions = AdamOptions;

/**
 * Adam with decoupled weight decay: `adam({ weightDecay: 0.004, ...options })`, so each weight also loses `learningRate * weightDecay * w`.
 *
 * Keras' rule and default; biases decay too unless `excludeFromWeightDecay` says otherwise. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 * Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
 */
export function adamW(options: AdamWOptions = {}): GradientTransformation {
  const same = adam({ weightDecay: 0.004, ...options });
  return same.config === undefined ? same : { ...same, config: { ...same.config, type: 'AdamW' } };
}
