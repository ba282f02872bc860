// tfjs-core has one table of gradients for all of a process. Both peers have entries for the same kernels: each turn is measured with those of whose turn it is.
import * as tf from '@tensorflow/tfjs-core';
// Registers tfjs-core's own gradients.
import '@tensorflow/tfjs-layers';
import { registerGradients } from '@gradstream/autodiff';

/** Kernel names are the strings that tfjs-core exports. */
const names = Object.values(tf).filter((value) => typeof value === 'string');
const taken = () => names.map((name) => tf.getGradient(name)).filter((config) => config !== undefined);
const theirs = taken();
registerGradients();
const ours = taken();

/** Puts one peer's gradients in place of the other's. */
export function useGradients(peer) {
  for (const { kernelName } of peer === 'ours' ? theirs : ours)
    if (tf.getGradient(kernelName) !== undefined) tf.unregisterGradient(kernelName);
  for (const config of peer === 'ours' ? ours : theirs) tf.registerGradient(config);
}
