// `npm run soak -- --minutes 30`: trains the digits network again and again on wasm-simd and fails where memory is not flat: tensors, the heap and its blocks
// after each round are what they were after the first, and the process does not grow.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { syntheticDigits } from '@gradstream/datasets';
import { dense, dropout, flatten, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from 'gradstream';

const at = process.argv.indexOf('--minutes');
const minutes = at < 0 ? 30 : Number(process.argv[at + 1]);
if (!(minutes > 0)) throw new Error(`--minutes takes a number above 0, not "${process.argv[at + 1]}".`);
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
/** What a process may grow by once it is warm: the pages of collected garbage do not go back at once. */
const GROWTH = 64 * 2 ** 20;
const WARM = 3;

const { detail } = await useBackend('wasm-simd');
const { train } = await syntheticDigits({ seed: 3, train: 1600, test: 1 });
const relu = () => dense(128, { activation: 'relu' });
const network = [
  flatten({ inputShape: [28, 28] }),
  relu(),
  relu(),
  dropout(0.1),
  relu(),
  dense(10, { activation: 'softmax' }),
];

/** Trains one model of two, from its first step to its disposal: the long-lived one goes on, a new one comes and goes. */
async function round(trainer) {
  await trainer.fit(train.shuffle(1600, { seed: 1 }).batch(32));
  const model = sequential(network, { seed: 8 });
  const passing = compile(model, { optimizer: 'rmsprop', loss: 'sparseCategoricalCrossentropy' });
  await passing.fit(train.take(160).batch(32));
  passing.dispose();
  model.dispose();
}

const model = sequential(network, { seed: 7 });
const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
const state = () => {
  const { used, total, blocks } = tf.backend().memory().heap;
  return { tensors: tf.memory().numTensors, used, total, blocks };
};
const start = performance.now();
let [rounds, first, resident, next] = [0, undefined, 0, 0];
while (performance.now() - start < minutes * 60_000 || rounds <= WARM) {
  await round(trainer);
  rounds++;
  collectGarbage();
  const now = state();
  const { rss } = process.memoryUsage();
  if (rounds === WARM) [first, resident] = [now, rss];
  if (rounds > WARM && JSON.stringify(now) !== JSON.stringify(first))
    throw new Error(
      `Memory is not flat after ${rounds} rounds: ${JSON.stringify(now)}, it was ${JSON.stringify(first)}.`,
    );
  if (rounds > WARM && rss > resident + GROWTH)
    throw new Error(`The process grew from ${resident} to ${rss} bytes in ${rounds} rounds.`);
  if (performance.now() - start >= next) {
    console.log(
      `${((performance.now() - start) / 60_000).toFixed(1)} min: ${rounds} rounds, ${JSON.stringify(now)}, ${(rss / 2 ** 20).toFixed(0)} MiB resident`,
    );
    next += 60_000;
  }
}
trainer.dispose();
model.dispose();
console.log(
  `flat: ${rounds} rounds of 55 steps in ${((performance.now() - start) / 60_000).toFixed(1)} min on ${detail}.`,
);
