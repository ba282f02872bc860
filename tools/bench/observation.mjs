// `node tools/bench/observation.mjs [steps] [turns]`, after `npm run build`: what watching a training costs. Milliseconds a step of the digits network
// (784-128-128-128-10, Adam, batch 32) on wasm-simd with one thread: the mean over the steps of each step's least time of the turns, and the longest of these; all sides in
// one process, in turns.
import { wasmSimdBackend } from '@gradstream/backend-wasm';
import { useBackend } from '@gradstream/backends';
import { diagnose, gradientClippingMonitor, nonFiniteValues } from '@gradstream/callbacks';
import { defineCallback } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, flatten, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import { of } from 'rxjs';
import { rows } from './digits.mjs';

const [steps = 1000, turns = 7] = process.argv.slice(2).map(Number);
const batch = 32;
await useBackend({ plugins: [wasmSimdBackend({ threads: 1 })] });
const { x, y } = rows(batch * steps);
const data = fromArrays({
  x: { dtype: 'float32', shape: [batch * steps, 28, 28], values: x },
  y: { dtype: 'int32', shape: [batch * steps], values: y },
}).batch(batch);
const relu = () => dense(128, { activation: 'relu' });

const observe = (...kinds) =>
  defineCallback('observe', () => of(...kinds.map((kind) => ({ type: 'observe', kind, every: 1 }))));
const all = ['weights', 'gradients', 'updates', 'activations', 'targets'];
const sides = {
  'nothing observed': () => [],
  'asked for and ended': () => [
    defineCallback('ended', () => of(...all.map((kind) => ({ type: 'observe', kind, every: 0 })))),
  ],
  'diagnose()': () => [diagnose()],
  'diagnose() without nonFiniteValues': () => [diagnose({ nonFiniteValues: false })],
  'nonFiniteValues()': () => [nonFiniteValues()],
  'gradientClippingMonitor({ threshold: 1 })': () => [gradientClippingMonitor({ threshold: 1 })],
  'all statistics of every step': () => [observe(...all)],
};
const trainers = Object.fromEntries(
  Object.keys(sides).map((name) => {
    const layers = [flatten({ inputShape: [28, 28] }), relu(), relu(), relu(), dense(10, { activation: 'softmax' })];
    const options = { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] };
    return [name, compile(sequential(layers, { seed: 1 }), options)];
  }),
);
/** Of each side, of each step, the least time of the turns: what else the machine does at times is in none of them. */
const least = {};
for (let turn = 0; turn <= turns; turn++) {
  for (const [name, callbacks] of Object.entries(sides)) {
    const run = trainers[name].fit(data, { callbacks: callbacks() });
    const times = [];
    run.events$.subscribe(({ type, time }) => {
      if (type === 'epochBegin' || type === 'stepEnd') times.push(time);
    });
    await run;
    // The first turn warms all of them up.
    if (turn === 0) continue;
    const best = (least[name] ??= Array.from({ length: steps }, () => Infinity));
    for (let step = 0; step < steps; step++) best[step] = Math.min(best[step], times[step + 1] - times[step]);
  }
}
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const base = mean(least['nothing observed']);
for (const [name, times] of Object.entries(least)) {
  const more = `${(100 * (mean(times) / base - 1)).toFixed(1)} %`.padStart(8);
  console.log(
    `${name.padEnd(44)}${mean(times).toFixed(3).padStart(8)}${Math.max(...times)
      .toFixed(1)
      .padStart(8)}${more}`,
  );
}
