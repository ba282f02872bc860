import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** A training on the backend cuda with its compiled kernels as they are installed. */
const PROGRAM = `
import assert from 'node:assert';
import { compile, datasets, layers, sequential, useBackend } from 'gradstream';

process.env.GRADSTREAM_CUDA_LIBRARY = process.argv[2];
const { name } = await useBackend('cuda');
assert.equal(name, 'cuda');
const { train } = await datasets.syntheticDigits({ seed: 1, train: 64, test: 1 });
const model = sequential([layers.flatten({ inputShape: [28, 28] }), layers.dense(10, { activation: 'softmax' })], { seed: 1 });
const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
const { history } = await trainer.fit(train.batch(16), { epochs: 2 });
assert(history.loss[1] < history.loss[0]);
`;

/** The emulator of CUDA's driver, or why it is not there. */
export async function findEmulator(root) {
  const script = join(root, 'packages/backend-cuda/scripts/build-emulator.mjs');
  const { ok, stdout, text } = await run(root, process.execPath, [script], { timeout: 900_000 });
  return ok ? { library: stdout.trim() } : { reason: /^Error: (.*)$/m.exec(text)?.[1] ?? text };
}

/** Trains on cuda, on the emulator of its driver, where the packages are installed in `directory`. */
export async function cudaProblems(directory, library) {
  const path = join(directory, 'cuda.mjs');
  writeFileSync(path, PROGRAM);
  const { ok, text } = await run(directory, process.execPath, [path, library], { timeout: 120_000 });
  return ok ? [] : [`training on cuda: ${text || 'it failed'}`];
}
