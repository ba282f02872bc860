// Runs in the browser: trains a small network on webgpu and on cpu and posts what came of it; where there is no adapter, why.
import { cpuBackend, webgpuBackend } from '@gradstream/backends';
import { syntheticDigits } from '@gradstream/datasets';
import { dense, dropout, flatten, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from 'gradstream';

// A browser without a GPU has one that computes on the processor, which is enough to see the numbers.
const webgpu = webgpuBackend({ software: true });

async function train(backend) {
  const { detail } = await useBackend({ backend, plugins: [webgpu, cpuBackend()] });
  const { train: samples } = await syntheticDigits({ seed: 3, train: 192, test: 1 });
  const model = sequential(
    [
      flatten({ inputShape: [28, 28] }),
      dense(32, { activation: 'relu' }),
      dropout(0.1),
      dense(10, { activation: 'softmax' }),
    ],
    { seed: 7 },
  );
  const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const losses = [];
  const run = trainer.fit(samples.batch(32), { epochs: 2, logEvery: 1 });
  run.events$.subscribe((event) => {
    if (event.type === 'stepEnd') losses.push(event.logs.loss);
  });
  await run;
  trainer.dispose();
  model.dispose();
  return { detail, losses, tensors: tf.memory().numTensors };
}

async function check() {
  const probe = await webgpu.probe();
  if (!probe.available) return { skipped: probe.reason };
  const { name, rejected } = await useBackend();
  return { chosen: name, why: rejected[0], webgpu: await train('webgpu'), cpu: await train('cpu') };
}

const result = await check().catch((error) => ({ error: String(error?.stack ?? error) }));
await fetch('/result', { method: 'POST', body: JSON.stringify(result) });
