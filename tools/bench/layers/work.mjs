import * as tf from '@tensorflow/tfjs-core';

const size = (shape) => shape.reduce((product, length) => product * length, 1);

/** Numbers that are the same in each run, between -1 and 1. */
function numbers(count) {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** The inputs of a layer: float ones are variables, so that the gradient goes on to the layer before. */
export function inputsOf({ input, below }) {
  const dtype = below === undefined ? 'float32' : 'int32';
  const variables = {};
  const tensors = input.map((shape, index) => {
    const values = numbers(size(shape));
    if (below !== undefined)
      return tf.tensor(
        values.map((x) => Math.floor(((x + 1) / 2) * below)),
        shape,
        'int32',
      );
    return (variables[`input ${index}`] = tf.variable(tf.tensor(values, shape)));
  });
  return { variables, tensors, dtype };
}

/** An ending that costs nothing: a loss of 0 whose gradient by the layer's output is a given tensor. */
export function ending(output) {
  const dy = tf.keep(tf.tensor(numbers(output.size), output.shape));
  output.dispose();
  const end = tf.customGrad(() => ({ value: tf.scalar(0), gradFunc: () => tf.clone(dy) }));
  return Object.assign(end, { dispose: () => dy.dispose() });
}
