import { nodeRunner, pythonRunner } from '../runners.mjs';
import { NETWORKS } from './networks.mjs';

/** The first round warms up: Keras traces and compiles in it. */
const ROUNDS = 6;

/** What may not be slower than Keras with all cores for both; the other rows are there to be read. */
const HELD = ['lstm', 'gru'];

/**
 * Milliseconds a training step (`fit`, Adam) of small networks, on one and on two threads: gradstream on wasm-simd beside Keras on TensorFlow, each in a process of its
 * own, in turns; the least wall time, the least processor time, and how many times Keras takes of each. Gives the names of the held rows that are slower than Keras.
 */
export async function steps(only) {
  const names = Object.keys(NETWORKS).filter((name) => name.includes(only));
  const failed = [];
  let peer = 'Keras was not found: name a Python that has it and TensorFlow in PYTHON.';
  if (names.length > 0)
    console.log(
      `\n${'training step, ms: least wall (processor)'.padEnd(44)}gradstream              Keras    Keras / gradstream`,
    );
  for (const name of names) {
    for (const threads of [1, 2]) {
      const { ours, keras, version } = await measure(name, threads);
      const label = `${name}, batch ${NETWORKS[name].batch}, ${threads} thread${threads === 1 ? '' : 's'}`;
      const isSlower = keras !== undefined && ours.wall > keras.wall;
      const ratios = keras && `${times(keras.wall, ours.wall)} (${times(keras.cpu, ours.cpu)})`;
      console.log(
        `${label.padEnd(36)}${cell(ours)}${cell(keras)}${(ratios ?? '').padStart(20)}${isSlower ? ' SLOWER' : ''}`,
      );
      if (isSlower && threads === 2 && HELD.includes(name)) failed.push(`a step of ${name}`);
      peer = version ?? peer;
    }
  }
  if (names.length > 0) console.log(peer);
  return failed;
}

const times = (theirs, ours) => `${(theirs / ours).toFixed(2)} x`;
const cell = (side) => (side === undefined ? '-' : `${side.wall.toFixed(2)} (${side.cpu.toFixed(2)})`).padStart(19);

async function measure(name, threads) {
  const { batch, steps: count } = NETWORKS[name];
  const ours = await nodeRunner('./layers/runner.mjs', [name, threads]);
  const keras = await pythonRunner('./layers/keras_runner.py', [name, batch, count, threads]);
  const best = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [peer, runner] of Object.entries({ ours, keras })) {
      if (runner === undefined) continue;
      const { milliseconds, cpu, served = {} } = await runner.turn();
      if (Object.keys(served).length > 0)
        throw new Error(`tfjs-backend-cpu ran for ${name}: ${JSON.stringify(served)}.`);
      if (round === 0) continue;
      const least = (best[peer] ??= { wall: Infinity, cpu: Infinity });
      least.wall = Math.min(least.wall, milliseconds);
      least.cpu = Math.min(least.cpu, cpu);
    }
  }
  ours.end();
  keras?.end();
  return { ...best, version: keras?.version };
}
