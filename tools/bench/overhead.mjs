// `npm run bench:overhead`: what `fit` costs over the bare step, at batch 32 on the digits network (784-128-128-128-10, Adam) with progress, early stopping and
// TensorBoard's scalars. The bare step is made of the packages below the trainer: batches of a dataset, upload, forward, loss, gradients, the optimizer in place,
// with the same breaths for the host; it is done operation by operation, as a loop of one's own would, or recorded and done again (`recordStep`). `fit` records by itself,
// or runs eagerly. All take turns in one process, on models of their own; ratios are of the least times, and medians of pairs.
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
import { backend, keep, tensor, tidy } from '@tensorflow/tfjs-core';
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
const compiled = (runEagerly) =>
  compile(network(), {
    optimizer: 'adam',
    loss: 'sparseCategoricalCrossentropy',
    ...(runEagerly ? { runEagerly } : {}),
  });
const callbacks = () => [
  progress({ stream: () => undefined, interactive: true, columns: 100 }),
  earlyStopping({ monitor: 'loss', patience: 3 }),
  tensorBoard(folder, { updateFreq: 50 }),
];
const [recording, eager] = [compiled(false), compiled(true)];

const [loss, key] = [sparseCategoricalCrossentropy(), randomKey(1)];
const kept = (state) => (eachTensor(state, keep), state);

/** A step without a trainer, on a model of its own. */
function bareStep() {
  const [model, optimizer, counter] = [network(), adam(), new StepCounter()];
  const weights = Object.fromEntries(model.weights.map(({ path, variable }) => [path, variable]));
  let state = tidy(() => kept(optimizer.init(weights)));
  const step = (inputs, targets) =>
    tidy(() => {
      const { gradients } = valueAndGradients(() => {
        const { outputs } = model.run([inputs], { training: true, key, step: counter, weights });
        return computeLoss(loss, targets, outputs[0]);
      }, weights);
      const next = kept(optimizer.apply(gradients, state, weights));
      disposeState(state, next);
      state = next;
    });
  const tensors = () => {
    const all = Object.values(weights);
    eachTensor(state, (one) => void all.push(one));
    return all;
  };
  return { step, tensors, advance: () => counter.advance() };
}
const onDevice = ({ x, y }) => [tensor(x.values, x.shape, 'float32'), tensor(y.values, y.shape, 'int32')];

/** Goes over the data with the breaths that `fit` takes. */
async function over(work) {
  let breathed = performance.now();
  for await (const batch of data) {
    work(batch);
    if (performance.now() - breathed < 20) continue;
    await yieldToHost();
    breathed = performance.now();
  }
}

const bare = bareStep();
const bareEagerly = () =>
  over((batch) => {
    const [inputs, targets] = onDevice(batch);
    bare.step(inputs, targets);
    inputs.dispose();
    targets.dispose();
    bare.advance();
  });
const again = bareStep();
let recorded;
const bareRecorded = () =>
  over((batch) => {
    if (recorded === undefined) {
      const [inputs, targets] = onDevice(batch);
      again.step(inputs, targets);
      const step = backend().recordStep(() => again.step(inputs, targets), again.tensors, [inputs, targets]);
      recorded = { step, inputs, targets, state: again.tensors() };
      return;
    }
    const { step, inputs, targets, state } = recorded;
    step.settle(state);
    step.write(inputs, batch.x.values);
    step.write(targets, batch.y.values);
    step.replay();
  });

const sides = {
  'bare step': bareEagerly,
  'bare step, recorded': bareRecorded,
  'fit, runEagerly': () => eager.fit(data, { callbacks: callbacks() }),
  fit: () => recording.fit(data, { callbacks: callbacks() }),
};

/** Milliseconds a step: by the clock, and of the process. */
async function timed(work) {
  const [clock, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return [(performance.now() - clock) / STEPS, (user + system) / 1000 / STEPS];
}

const turns = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
for (let round = -2; round < ROUNDS; round++) {
  const names = Object.keys(sides);
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    const turn = await timed(sides[name]);
    // The first turns warm all up.
    if (round >= 0) turns[name].push(turn);
  }
}
rmSync(folder, { recursive: true, force: true });
const least = (name, which) => Math.min(...turns[name].map((turn) => turn[which]));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
console.log('milliseconds a step, least of the turns: by the clock, CPU time');
for (const name of Object.keys(sides))
  console.log(`${name.padEnd(22)}${least(name, 0).toFixed(3).padStart(8)}${least(name, 1).toFixed(3).padStart(8)}`);
const pairs = [
  ['fit', 'bare step'],
  ['fit, runEagerly', 'bare step'],
  ['fit', 'bare step, recorded'],
];
console.log('\nratios of CPU time: of the least, median of pairs');
for (const [one, other] of pairs) {
  const ratio = median(turns[one].map((turn, index) => turn[1] / turns[other][index][1]));
  console.log(
    `${`${one} / ${other}`.padEnd(38)}${(least(one, 1) / least(other, 1)).toFixed(3).padStart(7)}${ratio.toFixed(3).padStart(8)}`,
  );
}
