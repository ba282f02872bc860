// Trains on MNIST, where it is packed, else on digits that are drawn here, with the trainer, as a user would, and says how well it went.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { syntheticDigits } from '@gradstream/datasets';
import { mnist } from '@gradstream/datasets/node';
import { conv2d, dense, dropout, flatten, input, maxPooling2d, reshape, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import { startCuda, writeResult } from './start.js';

const { backend, detail } = await startCuda();
const folder = join(process.env['GPU_CHECK_HOME'] ?? '.', 'mnist');
const limit = process.env['GPU_CHECK_DIGITS'];
const hasMnist = limit === undefined && existsSync(folder);
const size = hasMnist ? 60_000 : Number(limit ?? 8000);
const { train, test } = hasMnist
  ? await mnist({ folder })
  : syntheticDigits({ train: size, test: Math.ceil(size / 8) });
const data = hasMnist ? 'MNIST' : 'synthetic digits';
const models = {
  MLP: sequential(
    [
      input({ shape: [28, 28] }),
      flatten(),
      dense(128, { activation: 'relu' }),
      dropout(0.2),
      dense(10, { activation: 'softmax' }),
    ],
    { seed: 1 },
  ),
  CNN: sequential(
    [
      input({ shape: [28, 28] }),
      reshape([28, 28, 1]),
      conv2d(16, 3, { activation: 'relu' }),
      maxPooling2d(2),
      conv2d(32, 3, { activation: 'relu' }),
      maxPooling2d(2),
      flatten(),
      dense(10, { activation: 'softmax' }),
    ],
    { seed: 1 },
  ),
};
const rows = [];
let failed = 0;
for (const [name, model] of Object.entries(models)) {
  backend.resetFallbacks();
  const start = performance.now();
  const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await trainer.fit(train.shuffle(1000, { seed: 1 }).batch(64), { epochs: 3 });
  const seconds = (performance.now() - start) / 1000;
  const result = await trainer.evaluate(test.batch(100));
  const accuracy = Number((result as unknown as Record<string, number>)['accuracy']);
  rows.push({ name, data, accuracy, seconds, result, fallbacks: backend.fallbacks() });
  console.log(
    `${data}, ${name}: accuracy ${accuracy} after 3 epochs of ${size}, ${seconds.toFixed(1)} s, fallbacks ${JSON.stringify(backend.fallbacks())}`,
  );
  if (!(accuracy > (hasMnist ? 0.95 : 0.85))) failed++;
}
writeResult('digits', { detail, rows });
process.exit(failed > 0 ? 1 : 0);
