import assert from 'node:assert';
import {
  compile,
  datasets,
  folderCheckpoints,
  layers,
  memoryCheckpoints,
  sequential,
  useBackend,
  type CheckpointStore,
} from 'gradstream';

/** Trains the same network on the same digits each time it is called, and goes on where the store says. */
async function train(checkpointStore: CheckpointStore, killAt = Infinity): Promise<unknown> {
  const { train: digits } = await datasets.syntheticDigits({ seed: 1, train: 160, test: 1 });
  const model = sequential(
    [
      layers.flatten({ inputShape: [28, 28] }),
      layers.dense(16, { activation: 'relu' }),
      layers.dropout(0.3),
      layers.dense(10, { activation: 'softmax' }),
    ],
    { seed: 7 },
  );
  const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const run = trainer.fit(digits.shuffle(160, { seed: 2 }).batch(16), {
    epochs: 3,
    checkpointStore,
    saveEvery: { steps: 4 },
    resumeFrom: 'latest',
  });
  run.events$.subscribe((event) => {
    if (event.type === 'trainBegin' && event.resumed !== undefined)
      console.log(`goes on from ${event.resumed.checkpoint}: epoch ${event.resumed.epoch}, step ${event.resumed.step}`);
    // As a power cut does: no goodbye, nothing is tidied up.
    if (event.type === 'stepEnd' && event.globalStep === killAt) process.kill(process.pid, 'SIGKILL');
  });
  const { history } = await run;
  return { history, weights: await model.getWeights() };
}

// `node resuming FOLDER` dies in the middle of the second epoch; started again it goes on, and compares its end with that of a training that nobody interrupts.
await useBackend();
const store = folderCheckpoints(process.argv[2]!);
const isFirst = (await store.list()).length === 0;
const resumed = await train(store, isFirst ? 14 : Infinity);
assert.deepEqual(resumed, await train(memoryCheckpoints()));
console.log('to the bit as if it had never been interrupted');
