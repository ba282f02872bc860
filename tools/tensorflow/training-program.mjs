// Asks for a backend, or trains the digits network on it, and writes what came of it as the last line.
import { wasmSimdBackend } from '@gradstream/backend-wasm';
import { cpuBackend, useBackend } from '@gradstream/backends';
import { tensorflowBackend } from '@gradstream/backends/node';
import { syntheticDigits } from '@gradstream/datasets';
import { mnist } from '@gradstream/datasets/node';
import { dense, dropout, flatten, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import * as tf from '@tensorflow/tfjs-core';

const role = process.argv[2];

async function train() {
  const plugins = [tensorflowBackend(), wasmSimdBackend()];
  const { detail } = await useBackend({ backend: role, plugins });
  // MNIST where it is at hand or can be had, and digits that are drawn here otherwise.
  const digits = await mnist().catch(() => undefined);
  const data = digits === undefined ? 'synthetic digits' : 'MNIST';
  const { train: samples, test } = digits ?? (await syntheticDigits({ seed: 1 }));
  const model = sequential(
    [
      flatten({ inputShape: [28, 28] }),
      dense(256, { activation: 'relu' }),
      dropout(0.2),
      dense(256, { activation: 'relu' }),
      dense(10, { activation: 'softmax' }),
    ],
    { seed: 42 },
  );
  const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const losses = [];
  const start = performance.now();
  const run = trainer.fit(samples.shuffle(10_000, { seed: 1 }).batch(128), { epochs: 2, logEvery: 50 });
  let steps = 0;
  run.events$.subscribe((event) => {
    if (event.type === 'stepEnd') steps++;
    if (event.type === 'stepEnd' && event.logs?.loss !== undefined) losses.push(event.logs.loss);
  });
  await run;
  const seconds = (performance.now() - start) / 1000;
  const { accuracy } = await trainer.evaluate(test.batch(1000));
  trainer.dispose();
  model.dispose();
  return { data, detail, seconds, steps, losses, accuracy, tensors: tf.memory().numTensors };
}

async function choose() {
  const { name, detail, rejected } = await useBackend({ plugins: [tensorflowBackend(), cpuBackend()] });
  const version = process.versions.node;
  return name === 'tensorflow' ? { detail, version } : { reason: rejected[0].reason };
}

console.log(JSON.stringify(await (role === 'choose' ? choose() : train())));
