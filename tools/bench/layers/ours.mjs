import { StepCounter, valueAndGradients } from '@gradstream/autodiff';
import { randomKey } from '@gradstream/core';
import { apply, input, model } from '@gradstream/layers';
import * as tf from '@tensorflow/tfjs-core';
import { ending, inputsOf } from './work.mjs';

/** The forward pass of a layer, and with the gradients by its weights and float inputs. Both as training runs them. */
export function ours(work) {
  const { variables, tensors, dtype } = inputsOf(work);
  const symbols = work.input.map((shape) => input({ shape: shape.slice(1), batchSize: shape[0], dtype }));
  const outputs = apply(work.ours(), symbols.length === 1 ? symbols[0] : symbols);
  const net = model({ inputs: symbols, outputs, seed: 1 });
  const wanted = { ...net.tensors, ...variables };
  for (const { path, trainable } of net.weights) if (!trainable) delete wanted[path];
  const options = { training: true, key: randomKey(1), step: new StepCounter(), weights: net.tensors };
  const run = () => {
    const changes = {};
    const { outputs: results } = net.run(tensors, {
      ...options,
      update: (path, value) => void (changes[path] = tf.keep(value)),
    });
    for (const [path, value] of Object.entries(changes)) {
      net.tensors[path].assign(value);
      value.dispose();
    }
    return results[0];
  };
  const end = ending(tf.tidy(run));
  return {
    forward: () => tf.tidy(() => void run()),
    training: () => {
      const { value, gradients } = valueAndGradients(() => end(run()), wanted);
      tf.dispose([value, gradients]);
    },
    dispose: () => {
      net.dispose();
      tf.dispose(tensors);
      end.dispose();
    },
  };
}
