import type { Initializer } from '@gradstream/initializers';
import { concat, ones, tidy } from '@tensorflow/tfjs-core';

/** A bias of four gates, the second of which begins at 1: `initializer` gives the first one's and that of the last two, as in Keras. */
export function forgetBias(initializer: Initializer, units: number): Initializer {
  return (_shape, key) => tidy(() => concat([initializer([units], key), ones([units]), initializer([2 * units], key)]));
}
