// Trains the recurrent network with tfjs-layers on tfjs-backend-wasm when the parent asks; answers with milliseconds a step. Arguments: lstm or gru, batch, steps.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import * as layers from '@tensorflow/tfjs-layers';
import { rows } from './digits.mjs';

const kind = process.argv[2];
const [batch, steps] = process.argv.slice(3).map(Number);
await tf.setBackend('wasm');
await tf.ready();
const { x, y } = rows(batch * steps);
const xs = tf.tensor3d(x, [batch * steps, 28, 28]);
const ys = tf.tensor1d(Float32Array.from(y), 'float32');
const model = layers.sequential({
  layers: [
    layers.layers[kind]({
      units: 128,
      inputShape: [28, 28],
      recurrentActivation: 'sigmoid',
      // Its orthogonal one needs chained ops, which plain Node.js has not; it makes no difference to the time.
      recurrentInitializer: 'glorotUniform',
    }),
    layers.layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
process.on('message', async () => {
  const start = performance.now();
  await model.fit(xs, ys, { batchSize: batch, epochs: 1, shuffle: true, verbose: 0 });
  process.send({ milliseconds: (performance.now() - start) / steps });
});
process.send({ ready: true });
