// Runs in the browser: trains a small network on webgpu and on cpu and posts what came of it; where there is no adapter, why.
import { cpuBackend, webgpuBackend } from '@gradstream/backends';
import { syntheticDigits } from '@gradstream/datasets';
import { dense, dropout, flatten, sequential } from '@gradstream/layers';
import { testBackend } from '@gradstream/testing';
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

/** How many of many whole numbers are wrong after a transpose on the device, and what a read says after an operation that the device refuses. */
async function wholeNumbers() {
  await useBackend({ backend: 'webgpu', plugins: [webgpu] });
  const [rows, columns] = [400, 300];
  const values = Int32Array.from({ length: rows * columns }, (_, index) => ((index * 40_503) % 2 ** 25) - 2 ** 24);
  const y = tf.tidy(() =>
    tf.transpose(tf.add(tf.tensor(values, [1, rows, columns], 'int32'), tf.scalar(0, 'int32')), [2, 0, 1]),
  );
  const moved = await y.data();
  const wrong = moved.filter((value, index) => value !== values[(index % rows) * columns + Math.floor(index / rows)]);
  y.dispose();
  // Floats made of whole numbers, and a sum over their first axis, which moves them.
  const sums = tf.tidy(() => tf.sum(tf.cast(tf.fill([300, 400], 3, 'int32'), 'float32'), 0));
  const summed = (await sums.data()).every((sum) => sum === 900);
  sums.dispose();
  const { device } = tf.backend();
  device.createShaderModule({ code: 'this is no shader' });
  await device.queue.onSubmittedWorkDone();
  const x = tf.tidy(() => tf.square(tf.square(tf.ones([100, 100]))));
  const refused = await x.data().then(
    () => null,
    ({ code }) => code,
  );
  x.dispose();
  return { wrong: wrong.length, summed, refused };
}

/** What does not hold of that which holds for every backend. */
async function contract() {
  const tests = [];
  testBackend(
    () => webgpu,
    (title, run) => tests.push([title, run]),
  );
  const failed = [];
  for (const [title, run] of tests) await run().catch(({ message }) => failed.push(`${title}: ${message}`));
  return { checked: tests.length, failed };
}

async function check() {
  const probe = await webgpu.probe();
  if (!probe.available) return { skipped: probe.reason };
  const { name, rejected } = await useBackend();
  return {
    chosen: name,
    why: rejected[0],
    webgpu: await train('webgpu'),
    cpu: await train('cpu'),
    contract: await contract(),
    ...(await wholeNumbers()),
  };
}

const result = await check().catch((error) => ({ error: String(error?.stack ?? error) }));
await fetch('/result', { method: 'POST', body: JSON.stringify(result) });
