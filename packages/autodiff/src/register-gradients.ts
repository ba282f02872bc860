import { registerGradient } from '@tensorflow/tfjs-core';
import { allGradients } from './gradients/all-gradients.js';

/**
 * Registers a gradient on tfjs-core for every kernel that this package knows. Calling it again changes nothing.
 *
 * tfjs-core registers none by itself in Node. Gradients that another package has registered for the same kernels are replaced; other kernels keep
 * theirs. Only the gradients of wanted inputs are computed: a constant factor, a frozen weight or the first layer's input costs no kernel.
 */
export function registerGradients(): void {
  for (const gradient of allGradients) registerGradient(gradient);
}
