// Trains the digits network with gradstream when the parent asks; answers with milliseconds a step. Arguments: backend, batch, steps, threads.
import { wasmSimdBackend } from '@gradstream/backend-wasm';
import { cpuBackend, useBackend, wasmBackend } from '@gradstream/backends';
import { fromArrays } from '@gradstream/datasets';
import { dense, flatten, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import { rows } from './digits.mjs';

const [backend, batch, steps, threads] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const plugins = [wasmSimdBackend({ threads }), wasmBackend(), cpuBackend()];
await useBackend({ backend, plugins });
/** What the cpu backend did for it. */
const served = () => plugins.find(({ name }) => name === backend).fallbacks?.().calls ?? {};
const { x, y } = rows(batch * steps);
const data = fromArrays({
  x: { dtype: 'float32', shape: [batch * steps, 28, 28], values: x },
  y: { dtype: 'int32', shape: [batch * steps], values: y },
});
const relu = () => dense(128, { activation: 'relu' });
const model = sequential(
  [flatten({ inputShape: [28, 28] }), relu(), relu(), relu(), dense(10, { activation: 'softmax' })],
  { seed: 1 },
);
const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
process.on('message', async () => {
  const start = performance.now();
  await trainer.fit(data.shuffle(batch * steps, { seed: 1 }).batch(batch), { epochs: 1 });
  process.send({ milliseconds: (performance.now() - start) / steps, served: served() });
});
process.send({ ready: true });
