import * as tf from '@tensorflow/tfjs-core';
import type { BackendCheck } from './checked-backend.js';

/** Corners of a square, and which of them are alike: no straight line parts them. */
const corners = [0, 0, 0, 1, 1, 0, 1, 1];
const alike = [0, 1, 1, 0];

/** That a training runs on it and keeps nothing: for programs that registered gradients. */
export const trainingChecks: Readonly<Record<string, BackendCheck>> = {
  async 'learns what no straight line parts, and its memory is flat'() {
    const first = Float32Array.from({ length: 16 }, (_, at) => 1.5 * Math.sin(7 * at + 1));
    const second = Float32Array.from({ length: 8 }, (_, at) => Math.sin(5 * at + 2));
    const before = tf.memory();
    const weight = (values: Float32Array, shape: number[]): tf.Variable =>
      tf.tidy(() => tf.variable(tf.tensor(values, shape)));
    const [w1, b1, w2, b2] = [
      weight(first, [2, 8]),
      weight(new Float32Array(8), [8]),
      weight(second, [8, 1]),
      weight(new Float32Array(1), [1]),
    ];
    const weights = [w1, b1, w2, b2];
    const [x, y] = [tf.tensor2d(corners, [4, 2]), tf.tensor2d(alike, [4, 1])];
    const loss = (): tf.Scalar => {
      const hidden = tf.tanh(tf.add(tf.matMul(x, w1), b1));
      return tf.mean(tf.square(tf.sub(tf.sigmoid(tf.add(tf.matMul(hidden, w2), b2)), y)));
    };
    const step = async (): Promise<number> => {
      const value = tf.tidy(() => {
        const { value: now, grads } = tf.variableGrads(loss, weights);
        for (const one of weights) one.assign(tf.sub(one, tf.mul(grads[one.name]!, 2)));
        return now;
      });
      const [number] = await value.data();
      value.dispose();
      return number!;
    };
    const start = await step();
    const held = tf.memory();
    let end = start;
    for (let count = 0; count < 300; count++) end = await step();
    const after = tf.memory();
    tf.dispose([x, y, ...weights]);
    if (!(end < 0.02)) throw new Error(`After 300 steps the loss is ${end}, ${start} in the beginning`);
    for (const what of ['numTensors', 'numDataBuffers', 'numBytes'] as const) {
      if (after[what] !== held[what]) throw new Error(`${what} went from ${held[what]} to ${after[what]}`);
      if (tf.memory()[what] !== before[what])
        throw new Error(`${what} is ${tf.memory()[what]} in the end, ${before[what]} in the beginning`);
    }
  },

  async 'has gradients that finite differences agree with'() {
    const values = Float32Array.from({ length: 6 }, (_, at) => Math.sin(3 * at + 1));
    const f = (x: tf.Tensor): tf.Scalar =>
      tf.sum(tf.mul(tf.softmax(tf.matMul(tf.tanh(x) as tf.Tensor2D, tf.tensor2d([1, 2, -1, 0.5], [2, 2]))), [1, 3]));
    const gradient = await numbersOf(() => tf.grad(f)(tf.tensor2d(values, [3, 2])));
    for (const at of values.keys()) {
      const moved = async (by: number): Promise<number> => {
        const other = values.slice();
        other[at]! += by;
        return (await numbersOf(() => f(tf.tensor2d(other, [3, 2]))))[0]!;
      };
      const slope = ((await moved(1 / 64)) - (await moved(-1 / 64))) * 32;
      if (!(Math.abs(slope - gradient[at]!) <= 2e-3))
        throw new Error(`Gradient ${at} is ${gradient[at]}, by finite differences ${slope}`);
    }
  },
};

async function numbersOf(make: () => tf.Tensor): Promise<Float32Array> {
  const tensor = tf.tidy(make);
  const values = await tensor.data<'float32'>();
  tensor.dispose();
  return values.slice();
}
