// Trains the digits network with gradstream when the parent asks; answers with milliseconds a step.
import { fromArrays } from '@gradstream/datasets';
import { useBackend } from '@gradstream/backends';
import { dense, flatten, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import { rows } from './digits.mjs';

const [backend, batch, steps] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
await useBackend(backend);
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
  const history = await trainer.fit(data.shuffle(batch * steps, { seed: 1 }).batch(batch), { epochs: 1 });
  process.send({ milliseconds: (performance.now() - start) / steps, loss: history.history.loss[0] });
});
process.send({ ready: true });
