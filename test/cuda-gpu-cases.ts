// Every kernel of the backend against its definition in float64, from the table of cases that all own backends share.
import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import { kernelCases } from '../packages/backend-wasm/testing/kernel-cases.js';
import { difference, runCase } from '../packages/backend-wasm/testing/run-case.js';
import { kernels } from '../packages/backend-cuda/src/kernels/kernels.js';
import { startCuda, writeResult } from '../tools/gpu-check/entries/start.js';

// `cases.mjs KERNEL`: one kernel alone; `cases.mjs '' N`: every Nth case of each. The digest is of all bits that the kernels gave.
const only = process.argv[2] || undefined;
const step = Number(process.argv[3] ?? 1);
const digest = createHash('sha256');
const { backend } = await startCuda();
const own = new Set(kernels.map(({ name }) => name));
const failures: { name: string; index: number; what: unknown }[] = [];
let ran = 0;
const missing = Object.keys(kernelCases).filter((name) => !own.has(name));

for (const [name, make] of Object.entries(kernelCases)) {
  if (!own.has(name) || (only !== undefined && name !== only)) continue;
  let failed = 0;
  for (const [index, test] of make().entries()) {
    if (index % step !== 0) continue;
    ran++;
    try {
      let { outputs } = test;
      if (outputs === 'cpu') {
        await tf.setBackend('cpu');
        outputs = runCase(name, test).outputs;
        await tf.setBackend('cuda');
      }
      const got = runCase(name, test, backend as never);
      for (const { values } of got.outputs)
        if (ArrayBuffer.isView(values)) digest.update(new Uint8Array(values.buffer));
      const wrong = outputs
        .map((expected, place) => ({ place, wrong: difference(got.outputs[place], expected, test.tolerance) }))
        .find(({ wrong: found }) => found !== undefined);
      const changed = Object.entries(test.inputs)
        .map(([key, given]) => ({
          key,
          wrong: difference(got.after[key], test.changes?.[key] ?? given, test.tolerance),
        }))
        .find(({ wrong: found }) => found !== undefined);
      const what = wrong ?? changed;
      if (what !== undefined && failed++ < 3)
        failures.push({
          name,
          index,
          what: { what, attrs: test.attrs, shapes: Object.values(test.inputs).map(({ shape }) => shape) },
        });
    } catch (error) {
      await tf.setBackend('cuda');
      if (failed++ < 3) failures.push({ name, index, what: String((error as Error).message).slice(0, 400) });
    }
  }
}
for (const { name, index, what } of failures) console.log(`${name} #${index}: ${JSON.stringify(what)}`);
console.log(
  `cases: ${ran} ran, ${failures.length} shown as failed, kernels without a case here: ${[...own].filter((name) => !(name in kernelCases))}; without an own kernel: ${missing}`,
);
writeResult('cases', { ran, failures, missing, digest: digest.digest('hex'), launches: backend.runtime.launches });
process.exit(failures.length > 0 ? 1 : 0);
