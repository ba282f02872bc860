// Trains the recurrent network with gradstream when the parent asks; answers with milliseconds a step. Arguments: lstm or gru, batch, steps, threads.
import { wasmSimdBackend } from '@gradstream/backend-wasm';
import { useBackend } from '@gradstream/backends';
import { fromArrays } from '@gradstream/datasets';
import { dense, gru, lstm, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import { rows } from './digits.mjs';

const kind = process.argv[2];
const [batch, steps, threads] = process.argv.slice(3).map(Number);
await useBackend({ backend: 'wasm-simd', plugins: [wasmSimdBackend({ threads })] });
const { x, y } = rows(batch * steps);
const data = fromArrays({
  x: { dtype: 'float32', shape: [batch * steps, 28, 28], values: x },
  y: { dtype: 'int32', shape: [batch * steps], values: y },
});
const recurrent = { lstm, gru }[kind];
const model = sequential([recurrent(128, { inputShape: [28, 28] }), dense(10, { activation: 'softmax' })], { seed: 1 });
const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
process.on('message', async () => {
  const start = performance.now();
  await trainer.fit(data.shuffle(batch * steps, { seed: 1 }).batch(batch), { epochs: 1 });
  process.send({ milliseconds: (performance.now() - start) / steps });
});
process.send({ ready: true });
