// Runs in the browser: trains the digits network on wasm-simd and posts what came of it to the server that served the page.
import { syntheticDigits } from '@gradstream/datasets';
import { dense, dropout, flatten, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from 'gradstream';

async function train() {
  const { name, detail } = await useBackend('wasm-simd');
  const { train: samples, test } = await syntheticDigits({ seed: 3, train: 1600, test: 200 });
  const relu = () => dense(128, { activation: 'relu' });
  const model = sequential(
    [flatten({ inputShape: [28, 28] }), relu(), relu(), dropout(0.1), relu(), dense(10, { activation: 'softmax' })],
    { seed: 7 },
  );
  const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const losses = [];
  const run = trainer.fit(samples.shuffle(1600, { seed: 1 }).batch(32), { epochs: 2, logEvery: 1 });
  run.events$.subscribe((event) => {
    if (event.type === 'stepEnd') losses.push(event.logs.loss);
  });
  await run;
  const { accuracy } = await trainer.evaluate(test.batch(50));
  trainer.dispose();
  model.dispose();
  const fallbacks = tf.findBackend('wasm-simd').fallbacks();
  return { name, detail, losses, accuracy, fallbacks, tensors: tf.memory().numTensors };
}

const result = await train().catch((error) => ({ error: String(error?.stack ?? error) }));
await fetch('/result', { method: 'POST', body: JSON.stringify({ isolated: crossOriginIsolated, ...result }) });
