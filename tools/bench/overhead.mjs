// `npm run bench:overhead`: what `fit` costs over the bare step, at batch 32 on the digits network (784-128-128-128-10, Adam) with progress, early stopping and
// TensorBoard's scalars. The bare step is made of the packages below the trainer: batches of a dataset, upload, forward, loss, gradients, the optimizer in place,
// with the same breaths for the host. Both take turns in one process, on models of their own; the ratio is of the least CPU times, and of the medians of pairs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepCounter, valueAndGradients } from '@gradstream/autodiff';
import { wasmSimdBackend } from '@gradstream/backend-wasm';
import { useBackend } from '@gradstream/backends';
import { earlyStopping, progress } from '@gradstream/callbacks';
import { tensorBoard } from '@gradstream/callbacks/node';
import { randomKey, yieldToHost } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, flatten, sequential } from '@gradstream/layers';
import { computeLoss, sparseCategoricalCrossentropy } from '@gradstream/objectives';
import { adam, disposeState, eachTensor } from '@gradstream/optimizers';
import { compile } from '@gradstream/trainer';
import { keep, tensor, tidy } from '@tensorflow/tfjs-core';
import { rows } from './digits.mjs';

const [STEPS, BATCH, ROUNDS] = [300, 32, 9];
await useBackend({ backend: 'wasm-simd', plugins: [wasmSimdBackend({ threads: 1 })] });
const { x, y } = rows(BATCH * STEPS);
const data = fromArrays({
  x: { dtype: 'float32', shape: [BATCH * STEPS, 28, 28], values: x },
  y: { dtype: 'int32', shape: [BATCH * STEPS], values: y },
})
  .shuffle(BATCH * STEPS, { seed: 1 })
  .batch(BATCH);
const relu = () => dense(128, { activation: 'relu' });
const network = () =>
  sequential([flatten({ inputShape: [28, 28] }), relu(), relu(), relu(), dense(10, { activation: 'softmax' })], {
    seed: 1,
  });

const folder = mkdtempSync(join(tmpdir(), 'gradstream-overhead-'));
const trainer = compile(network(), { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
async function fitted() {
  await trainer.fit(data, {
    callbacks: [
      progress({ stream: () => undefined, interactive: true, columns: 100 }),
      earlyStopping({ monitor: 'loss', patience: 3 }),
      tensorBoard(folder, { updateFreq: 50 }),
    ],
  });
}

const bareModel = network();
const [optimizer, loss, counter, key] = [adam(), sparseCategoricalCrossentropy(), new StepCounter(), randomKey(1)];
const kept = (state) => (eachTensor(state, keep), state);
const weights = Object.fromEntries(bareModel.weights.map(({ path, variable }) => [path, variable]));
let state = tidy(() => kept(optimizer.init(weights)));
async function bare() {
  let breathed = performance.now();
  for await (const batch of data) {
    tidy(() => {
      const inputs = tensor(batch.x.values, batch.x.shape, 'float32');
      const targets = tensor(batch.y.values, batch.y.shape, 'int32');
      const { gradients } = valueAndGradients(() => {
        const { outputs } = bareModel.run([inputs], { training: true, key, step: counter, weights });
        return computeLoss(loss, targets, outputs[0]);
      }, weights);
      const next = kept(optimizer.apply(gradients, state, weights));
      disposeState(state, next);
      state = next;
    });
    counter.advance();
    if (performance.now() - breathed < 20) continue;
    await yieldToHost();
    breathed = performance.now();
  }
}

/** Milliseconds a step: by the clock, and of the process. */
async function timed(work) {
  const [clock, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return [(performance.now() - clock) / STEPS, (user + system) / 1000 / STEPS];
}

const [fits, bares] = [[], []];
for (let round = -2; round < ROUNDS; round++) {
  const order = round % 2 === 0 ? ['fit', 'bare'] : ['bare', 'fit'];
  const turn = {};
  for (const name of order) turn[name] = await timed(name === 'fit' ? fitted : bare);
  // The first turns warm both up.
  if (round < 0) continue;
  fits.push(turn.fit);
  bares.push(turn.bare);
}
rmSync(folder, { recursive: true, force: true });
const least = (turns, which) => Math.min(...turns.map((turn) => turn[which]));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const pairs = (which) => median(fits.map((turn, index) => turn[which] / bares[index][which]));
for (const [which, name] of ['by the clock', 'CPU time'].entries()) {
  const [fit, step] = [least(fits, which), least(bares, which)];
  console.log(
    `${name.padEnd(14)}bare step ${step.toFixed(3)} ms, fit ${fit.toFixed(3)} ms: ${(fit / step).toFixed(3)} x (least), ${pairs(which).toFixed(3)} x (median of pairs)`,
  );
}
