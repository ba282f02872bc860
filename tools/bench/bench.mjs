// `npm run bench`: milliseconds a training step of the digits network (784-128-128-128-10, Adam, data handling, shuffling and the accuracy
// metric included), gradstream beside tfjs-layers and, where a Python has it, PyTorch. Each lives in a process of its own; they take turns.
// Arguments choose backends: `npm run bench -- wasm-simd`.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { rows } from './digits.mjs';
import { nodeRunner, pythonRunner } from './runners.mjs';
import { bundleAll } from '../bundle/bundle-package.mjs';

// What is measured is what the sources say now.
await bundleAll();

/** `peer` is the backend of tfjs-layers: tfjs has nothing nearer to wasm-simd than tfjs-backend-wasm. */
const plans = [
  { backend: 'wasm-simd', peer: 'wasm', threads: 1, batch: 32, steps: 200, rounds: 9 },
  { backend: 'wasm-simd', peer: 'wasm', threads: 2, batch: 32, steps: 200, rounds: 9 },
  { backend: 'wasm-simd', peer: 'wasm', threads: 1, batch: 128, steps: 60, rounds: 7 },
  { backend: 'wasm-simd', peer: 'wasm', threads: 2, batch: 128, steps: 60, rounds: 7 },
  { backend: 'wasm', peer: 'wasm', threads: 1, batch: 32, steps: 200, rounds: 5 },
  { backend: 'wasm', peer: 'wasm', threads: 1, batch: 128, steps: 60, rounds: 5 },
  { backend: 'cpu', peer: 'cpu', threads: 1, batch: 32, steps: 15, rounds: 3 },
];
const only = process.argv.slice(2);
const version = (name) =>
  JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The rows that all train on, in files for the runner that cannot make them: float32 images, int32 labels. */
function rowFiles(count) {
  const { x, y } = rows(count);
  const [images, labels] = [join(folder, `images-${count}`), join(folder, `labels-${count}`)];
  writeFileSync(images, x);
  writeFileSync(labels, y);
  return [images, labels];
}

async function measure({ backend, peer, threads, batch, steps, rounds }) {
  const runners = {
    gradstream: await nodeRunner('./gradstream-runner.mjs', [backend, batch, steps, threads]),
    tfjs: await nodeRunner('./tfjs-layers-runner.mjs', [peer, batch, steps]),
    pytorch:
      backend === 'cpu'
        ? undefined
        : await pythonRunner('./pytorch_runner.py', [threads, batch, steps, ...rowFiles(batch * steps)]),
  };
  const names = Object.keys(runners).filter((name) => runners[name] !== undefined);
  const turns = [];
  let served = {};
  for (let round = 0; round <= rounds; round++) {
    const turn = {};
    for (const name of names) {
      const answer = await runners[name].turn();
      turn[name] = answer.milliseconds;
      if (name === 'gradstream') ({ served } = answer);
    }
    // The first turn warms all of them up.
    if (round > 0) turns.push(turn);
  }
  for (const name of names) runners[name].end();
  const cell = (name) => {
    const values = turns.map((turn) => turn[name]);
    return (names.includes(name) ? `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)})` : '-').padEnd(17);
  };
  const ratio = (name) =>
    (names.includes(name) ? `${median(turns.map((turn) => turn[name] / turn.gradstream)).toFixed(2)} x` : '-').padEnd(
      10,
    );
  const title = `${backend} ${threads}`.padEnd(13) + String(batch).padStart(5);
  console.log(`${title}  ${cell('gradstream')}${cell('tfjs')}${cell('pytorch')}${ratio('tfjs')}${ratio('pytorch')}`);
  const calls = Object.entries(served).filter(([, count]) => count > 0);
  if (calls.length > 0)
    console.log(
      `  served by the cpu backend: ${calls.map(([kernel, count]) => `${kernel} ${count} times`).join(', ')}`,
    );
  return runners.pytorch?.version;
}

console.log(
  `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}; tfjs-layers ${version('@tensorflow/tfjs-layers')}`,
);
console.log(
  'milliseconds a step, median of the turns (the least); kernels that the cpu backend served, if any; then the peer’s time / gradstream’s, median of the turns\n',
);
console.log('backend,      batch  gradstream       tfjs-layers      PyTorch          to tfjs   to PyTorch');
console.log('threads');
let torch;
for (const plan of plans) {
  if (only.length === 0 || only.includes(plan.backend)) torch = (await measure(plan)) ?? torch;
}
console.log(
  torch === undefined
    ? '\nPyTorch was not found: name a Python that has it in PYTHON.'
    : `\nPyTorch ${torch}, eager, fused Adam, on as many threads as the row says.`,
);
