import { wasmSimdBackend } from '@gradstream/backend-wasm';
import { useBackend } from '@gradstream/backends';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { convolutionCases } from './cases/convolution.mjs';
import { denseCases } from './cases/dense.mjs';
import { recurrentCases } from './cases/recurrent.mjs';
import { shapeCases } from './cases/shape.mjs';
import { compare } from './compare.mjs';
import { heading } from './heading.mjs';
import { steps } from './steps.mjs';

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : '';
const simd = wasmSimdBackend({ threads: 1 });
await useBackend({ backend: 'wasm-simd', plugins: [simd] });
const { detail } = await simd.probe();
await tf.setBackend('wasm');

heading(detail);
console.log('\nmilliseconds, best of many       gradstream   tfjs-layers      times as fast');
const slower = [];
const failed = [];
for (const work of [...denseCases, ...convolutionCases, ...recurrentCases, ...shapeCases]) {
  if (!work.name.includes(only)) continue;
  try {
    const { pass, ours, theirs } = await compare(work);
    const cells = [ours, theirs].map((time) => time.toFixed(3).padStart(14));
    const note = pass === 'forward' ? ' (forward: tfjs-backend-wasm cannot train it)' : '';
    const verdict = ours > theirs ? ' SLOWER' : '';
    console.log(
      `${work.name.padEnd(31)}${cells.join('')}${(theirs / ours).toFixed(2).padStart(13)} x${note}${verdict}`,
    );
    if (ours > theirs) slower.push(work.name);
  } catch (error) {
    failed.push(work.name);
    console.log(`${work.name.padEnd(31)}  FAILED: ${error.message}`);
  }
}
console.log(`fallbacks to tfjs-backend-cpu: ${JSON.stringify(simd.fallbacks().calls)}`);
slower.push(...(await steps(only)));
if (slower.length > 0) console.log(`\nSlower than the peer: ${slower.join(', ')}.`);
process.exit(slower.length + failed.length > 0 ? 1 : 0);
