import { nodeRunner, pythonRunner } from '../runners.mjs';
import { NETWORKS } from './networks.mjs';

/** The first round warms up: Keras traces and compiles in it. */
const ROUNDS = 6;

/**
 * Milliseconds a training step (`fit`, Adam) of small networks, on one and on two threads: gradstream on wasm-simd beside Keras on TensorFlow, each in a process of its
 * own, in turns; the least wall time and the least processor time. Gives the names of the rows that are slower than Keras on as many threads.
 */
export async function steps(only) {
  const names = Object.keys(NETWORKS).filter((name) => name.includes(only));
  const slower = [];
  console.log('\nmilliseconds a step, least (processor time)          gradstream             Keras     times as fast');
  for (const name of names) {
    for (const threads of [1, 2]) {
      const { ours, keras, version } = await measure(name, threads);
      const both = [ours, keras].map((side) =>
        side === undefined ? '-'.padStart(18) : `${side.wall.toFixed(2)} (${side.cpu.toFixed(2)})`.padStart(18),
      );
      const ratio = keras === undefined ? '' : `${(keras.wall / ours.wall).toFixed(2).padStart(16)} x`;
      const label = `${name}, batch ${NETWORKS[name].batch}, ${threads} thread${threads === 1 ? '' : 's'}`;
      const verdict = keras !== undefined && ours.wall > keras.wall ? ' SLOWER' : '';
      console.log(`${label.padEnd(45)}${both.join('')}${ratio}${verdict}`);
      if (verdict !== '') slower.push(`${name} on ${threads}`);
      versions.add(version);
    }
  }
  const found = [...versions].filter((version) => version !== undefined);
  if (names.length > 0) console.log(found[0] ?? 'Keras was not found: name a Python that has it and TensorFlow in PYTHON.');
  return slower;
}

const versions = new Set();

async function measure(name, threads) {
  const { batch, steps: count } = NETWORKS[name];
  const ours = await nodeRunner('./layers/runner.mjs', [name, threads]);
  const keras = await pythonRunner('./layers/keras_runner.py', [name, batch, count, threads]);
  const best = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [peer, runner] of Object.entries({ ours, keras })) {
      if (runner === undefined) continue;
      const { milliseconds, cpu, served = {} } = await runner.turn();
      if (Object.keys(served).length > 0) throw new Error(`tfjs-backend-cpu ran for ${name}: ${JSON.stringify(served)}.`);
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
