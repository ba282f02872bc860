import * as tf from '@tensorflow/tfjs-core';
import { ending, inputsOf } from './work.mjs';

/** The same with tfjs-layers: `training` fails where its backend lacks a kernel for it. */
export function theirs(work) {
  const { variables, tensors } = inputsOf(work);
  const layer = work.theirs();
  const run = () => layer.apply(tensors.length === 1 ? tensors[0] : tensors, { training: true });
  const end = ending(tf.tidy(run));
  const wanted = [...layer.trainableWeights.map(({ val }) => val), ...Object.values(variables)];
  return {
    forward: () => tf.tidy(() => void run()),
    training: () => {
      const { value, grads } = tf.variableGrads(() => end(run()), wanted);
      tf.dispose([value, grads]);
    },
    dispose: () => {
      layer.dispose();
      tf.dispose(tensors);
      end.dispose();
    },
  };
}
