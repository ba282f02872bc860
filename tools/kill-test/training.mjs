// A training that is killed and started again: `node training.mjs BACKEND FOLDER [cnn]`, of an MLP or of a small CNN on images that are shifted and turned. With dropout, noise, batch normalization, shuffling, augmentation, validation and
// early stopping on. Says "training" when it begins, and at its end one line: a digest of all that it came to, or with --state also the numbers of it.
import { createHash } from 'node:crypto';
import { earlyStopping } from '@gradstream/callbacks';
import { foldIn, normalValues, randomKey, uniformValues } from '@gradstream/core';
import { fromArrays, fromGenerator } from '@gradstream/datasets';
import {
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  gaussianNoise,
  maxPooling2d,
  randomRotation,
  randomTranslation,
  reshape,
  sequential,
} from '@gradstream/layers';
import { adam } from '@gradstream/optimizers';
import { cosineDecay } from '@gradstream/optimizers/schedules';
import { compile } from '@gradstream/trainer';
import { folderCheckpoints } from '@gradstream/trainer/node';
import { useBackend } from 'gradstream';

const [backend, folder, network] = process.argv.slice(2);
await useBackend(backend);

const isCnn = network === 'cnn';
const SIZE = isCnn ? 64 : 8;
const key = randomKey(5);
const samples = (count, part) => ({
  x: { dtype: 'float32', shape: [count, SIZE], values: normalValues(foldIn(key, part), 0, count * SIZE) },
  y: {
    dtype: 'int32',
    shape: [count],
    values: Int32Array.from(uniformValues(foldIn(key, `${part} labels`), 0, count, 0, 4)),
  },
});
const noisy = ({ x, y }, elementKey) => {
  const noise = normalValues(elementKey, 0, SIZE);
  return { x: { ...x, values: x.values.map((value, i) => value + noise[i] / 10) }, y };
};
const rows = fromArrays(samples(90, 'train'));
const train = fromGenerator(() => rows, { size: 90 })
  .shuffle(32, { seed: 3 })
  .randomMap(noisy, { seed: 4 })
  .batch(8)
  .prefetch(2);

const mlp = () => [
  dense(16, { activation: 'relu', inputShape: [SIZE] }),
  batchNormalization(),
  dropout(0.3),
  gaussianNoise(0.1),
];
const cnn = () => [
  reshape([8, 8, 1], { inputShape: [SIZE] }),
  randomTranslation(0.2, 0.2),
  randomRotation(0.1),
  conv2d(4, 3, { activation: 'relu' }),
  batchNormalization(),
  maxPooling2d(2),
  dropout(0.3),
  flatten(),
];
const model = sequential([...(isCnn ? cnn() : mlp()), dense(4, { activation: 'softmax' })], { seed: 7 });
const trainer = compile(model, {
  optimizer: adam({ learningRate: cosineDecay({ initialLearningRate: 0.01, decaySteps: 60 }) }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
const run = trainer.fit(train, {
  epochs: 5,
  validationData: fromArrays(samples(24, 'test')).batch(8),
  callbacks: [earlyStopping({ patience: 2, restoreBestWeights: true })],
  checkpointStore: folderCheckpoints(folder),
  saveEvery: { steps: 4 },
  resumeFrom: 'latest',
});
run.events$.subscribe(({ type }) => type === 'trainBegin' && process.send?.('training'));
const { epoch, history, reason, message } = await run;

const weights = Object.entries(await model.getWeights());
const hash = createHash('sha256');
for (const [path, { values }] of weights) hash.update(path).update(values);
hash.update(JSON.stringify({ epoch, history, reason, message, steps: trainer.steps }));
console.log(hash.digest('hex'));
