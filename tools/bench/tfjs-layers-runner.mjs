// Trains the same network with tfjs-layers when the parent asks; answers with milliseconds a step.
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { rows } from './digits.mjs';

const [backend, batch, steps] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
await import(`@tensorflow/tfjs-backend-${backend}`);
await tf.setBackend(backend);
await tf.ready();
const { x, y } = rows(batch * steps);
const xs = tf.tensor3d(x, [batch * steps, 28, 28]);
const ys = tf.tensor1d(Float32Array.from(y), 'float32');
const relu = () => layers.layers.dense({ units: 128, activation: 'relu' });
const model = layers.sequential({
  layers: [
    layers.layers.flatten({ inputShape: [28, 28] }),
    relu(),
    relu(),
    relu(),
    layers.layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
process.on('message', async () => {
  const start = performance.now();
  const history = await model.fit(xs, ys, { batchSize: batch, epochs: 1, shuffle: true, verbose: 0 });
  process.send({ milliseconds: (performance.now() - start) / steps, loss: history.history.loss[0] });
});
process.send({ ready: true });
