import { add, mul, type Tensor } from '@tensorflow/tfjs-core';
import { filled } from './filled.js';

/** Targets moved towards an even distribution: `y (1 - smoothing) + smoothing / classes`. */
export function smoothLabels(targets: Tensor, smoothing: number, classes: number): Tensor {
  return smoothing === 0 ? targets : add(mul(targets, filled(1 - smoothing)), filled(smoothing / classes));
}
