// Milliseconds a training step of a recurrent network (28 steps of 28 features, 128 units, dense 10 with softmax, Adam, batch 128), LSTM and GRU: gradstream on wasm-simd
// beside Keras on TensorFlow, where the Python that PYTHON names has it, and tfjs-layers on tfjs-backend-wasm. Each lives in a process of its own; they take turns.
// Run: npm run build && PYTHON=... node tools/bench/recurrent.mjs
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { nodeRunner, pythonRunner } from './runners.mjs';
import { bundleAll } from '../bundle/bundle-package.mjs';

// What is measured is what the sources say now.
await bundleAll();

const BATCH = 128;
const STEPS = 20;
const ROUNDS = 9;
/** tfjs-layers takes about a second a step. */
const TFJS_STEPS = 1;
const version = (name) =>
  JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure(kind) {
  const runners = {
    'gradstream, 2 threads': await nodeRunner('./recurrent-runner.mjs', [kind, BATCH, STEPS, 2]),
    'gradstream, 1 thread': await nodeRunner('./recurrent-runner.mjs', [kind, BATCH, STEPS, 1]),
    'Keras on TensorFlow': await pythonRunner('./keras_recurrent_runner.py', [kind, BATCH, STEPS]),
    'tfjs-layers': await nodeRunner('./tfjs-recurrent-runner.mjs', [kind, BATCH, TFJS_STEPS]),
  };
  const names = Object.keys(runners).filter((name) => runners[name] !== undefined);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      // The slowest runs in every third turn only.
      if (name === 'tfjs-layers' && round % 3 > 0) continue;
      const { milliseconds } = await runners[name].turn();
      // The first turn warms all of them up.
      if (round > 0) times[name].push(milliseconds);
    }
  }
  for (const name of names) runners[name].end();
  for (const name of names)
    console.log(
      `${kind.padEnd(6)}${name.padEnd(24)}${Math.min(...times[name])
        .toFixed(1)
        .padStart(8)}${median(times[name]).toFixed(1).padStart(10)}`,
    );
  return runners['Keras on TensorFlow']?.version;
}

console.log(
  `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}; tfjs-layers ${version('@tensorflow/tfjs-layers')} on tfjs-backend-wasm`,
);
console.log('milliseconds a step: the least of the turns, their median\n');
const keras = [await measure('lstm'), await measure('gru')][0];
console.log(
  keras === undefined
    ? '\nKeras was not found: name a Python that has it and TensorFlow in PYTHON.'
    : `\nKeras and TensorFlow ${keras}, fit, on all cores.`,
);
