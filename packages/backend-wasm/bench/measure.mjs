import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { registerWasmSimd } from '../dist/wasm-simd.js';

const require = createRequire(import.meta.url);
/** Shown beside every figure of the peer. */
export const PEER = `tfjs-backend-wasm ${require('@tensorflow/tfjs-backend-wasm/package.json').version}`;

let started;

/** The backends that are compared, by name: one thread, two threads, and the peer. */
export function backends() {
  started ??= (async () => {
    const one = await registerWasmSimd('one', undefined, 1);
    const two = await registerWasmSimd('two', undefined, 2);
    await tf.setBackend('wasm');
    console.log(`one: ${one.detail}; two: ${two.detail}; peer: ${PEER}; Node ${process.version}`);
    return { one, two };
  })();
  return started;
}

/**
 * The best time of each function in milliseconds a call: in turns, so that all meet the same machine. `rounds` turns of about `milliseconds` each. A side with
 * `turn` is a process of its own that measures when it is asked to.
 */
export async function alternate(functions, { rounds = 15, milliseconds = 20, before = async () => {} } = {}) {
  const names = Object.keys(functions);
  const best = Object.fromEntries(names.map((name) => [name, Infinity]));
  const repeats = {};
  for (const name of names) {
    if (functions[name].turn !== undefined) {
      await functions[name].turn(2 * milliseconds);
      continue;
    }
    await before(name);
    const start = performance.now();
    let calls = 0;
    while (performance.now() - start < 2 * milliseconds || calls < 3) {
      functions[name]();
      calls++;
    }
    repeats[name] = Math.max(1, Math.round((calls * milliseconds) / (performance.now() - start)));
  }
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      if (functions[name].turn !== undefined) {
        best[name] = Math.min(best[name], await functions[name].turn(milliseconds));
        continue;
      }
      await before(name);
      functions[name]();
      const start = performance.now();
      for (let call = 0; call < repeats[name]; call++) functions[name]();
      best[name] = Math.min(best[name], (performance.now() - start) / repeats[name]);
    }
  }
  return best;
}

/** A row of a table. */
export function row(label, cells) {
  console.log(`${label.padEnd(34)}${cells.map((cell) => String(cell).padStart(12)).join('')}`);
}

/** Kernels that ran on tfjs-backend-cpu's code since the last call, by backend and name. */
export function fallbacks() {
  const counts = {};
  for (const name of ['one', 'two']) {
    const backend = tf.findBackend(name);
    if (backend === null) continue;
    counts[name] = backend.fallbacks();
    backend.resetFallbacks();
  }
  return counts;
}
