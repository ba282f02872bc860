import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useBackend } from '@gradstream/backends';
import { randomKey, uniformValues } from '@gradstream/core';
import { tensorBoard } from '@gradstream/callbacks/node';
import { syntheticDigits } from '@gradstream/datasets';
import { saveModel } from '@gradstream/exporters/node';
import { readSafetensors, toHostArray } from '@gradstream/formats/safetensors';
import { dense, dropout, flatten, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { models } from './models.mjs';

/** Trains and exports into `folder`, and writes beside the files what others have to find in them. */
export async function produce(folder) {
  await useBackend('cpu');
  const model = await train(folder);
  await weights(folder, model);
  const saved = [];
  for (const [name, each] of Object.entries({ 'the trained model': model, ...models })) {
    saved.push(await predictions(join(folder, 'models', String(saved.length)), name, each));
  }
  writeFileSync(join(folder, 'models.json'), JSON.stringify(saved));
}

/** A short training with TensorBoard logs. What they have to hold is taken from the run's events, not from what wrote them. */
async function train(folder) {
  const model = sequential(
    [
      flatten({ inputShape: [12, 12] }),
      dense(24, { activation: 'relu' }),
      dropout(0.2),
      dense(10, { activation: 'softmax' }),
    ],
    { seed: 1 },
  );
  const digits = syntheticDigits({ train: 192, test: 64, size: 12 });
  const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const run = trainer.fit(digits.train.batch(32), {
    epochs: 3,
    validationData: digits.test.batch(32),
    logEvery: 1,
    callbacks: [tensorBoard(join(folder, 'logs'), { updateFreq: 'batch', writeStepsPerSecond: true })],
  });
  const curves = { train: {}, validation: {} };
  const point = (part, tag, step, value) => (curves[part][tag] ??= []).push([step, value]);
  const failures = [];
  run.events$.subscribe((event) => {
    const { type, logs = {} } = event;
    const scalars = Object.entries(logs);
    if (type === 'stepEnd')
      for (const [name, value] of scalars) point('train', `batch_${name}`, event.globalStep + 1, value);
    if (type === 'validationEnd') {
      const steps = 6 * (event.epoch + 1);
      for (const [name, value] of scalars) point('validation', `evaluation_${name}_vs_iterations`, steps, value);
    }
    if (type === 'epochEnd') {
      point('train', 'epoch_learning_rate', event.epoch, event.learningRate);
      for (const [name, value] of scalars) {
        if (name.startsWith('val_')) point('validation', `epoch_${name.slice(4)}`, event.epoch, value);
        else point('train', `epoch_${name}`, event.epoch, value);
      }
    }
    if (type === 'callbackFailed') failures.push(event.message);
  });
  const { history } = await run;
  if (failures.length > 0) throw new Error(`The callback failed: ${failures.join(', ')}`);
  trainer.dispose();
  // Speeds differ from run to run: how many there are is known.
  const speeds = {
    epoch_steps_per_second: [0, 1, 2],
    batch_steps_per_second: Array.from({ length: 18 }, (_, i) => i + 1),
  };
  writeFileSync(join(folder, 'logs.json'), JSON.stringify({ curves, speeds, history }));
  return model;
}

async function weights(folder, model) {
  await saveModel(model, join(folder, 'weights'), { format: 'safetensors' });
  const arrays = Object.entries(await model.getWeights()).map(([path, { shape, values }]) => [
    path,
    { shape, values: base64(values) },
  ]);
  writeFileSync(join(folder, 'weights.json'), JSON.stringify(Object.fromEntries(arrays)));
}

/** Exports a model, and what it predicts for random input. */
async function predictions(folder, name, model) {
  mkdirSync(folder, { recursive: true });
  const { path } = await saveModel(model, folder, { timestamped: true });
  const { name: inputName, shape, dtype } = model.inputs[0];
  const sizes = [7, ...shape.slice(1).map((size) => size ?? 4)];
  const values = uniformValues(
    randomKey(5),
    0,
    sizes.reduce((a, b) => a * b),
    -4,
    4,
  );
  const x = tf.tensor(dtype === 'int32' ? Int32Array.from(values) : values, sizes, dtype);
  const y = model.apply(x);
  const array = (tensor) => ({ shape: tensor.shape, dtype: tensor.dtype, values: base64(tensor.dataSync()) });
  return { name, path, input: inputName, output: model.nodes.at(-1).name, x: array(x), y: array(y) };
}

/** Whether the weights that Python wrote come back as they were: a sentence for each that does not. */
export async function readBack(folder) {
  const { tensors } = readSafetensors(readFileSync(join(folder, 'python.safetensors')));
  const expected = JSON.parse(readFileSync(join(folder, 'weights.json'), 'utf8'));
  const wrong = Object.entries(expected).filter(
    ([path, { values }]) => base64(toHostArray(path, tensors.get(path)).values) !== values,
  );
  return { count: tensors.size, wrong: wrong.map(([path]) => path) };
}

const base64 = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString('base64');
