// Trains on synthetic digits with the trainer, as a user would, and says how well it went.
import { syntheticDigits } from '@gradstream/datasets';
import { conv2d, dense, dropout, flatten, input, maxPooling2d, reshape, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import { startCuda, writeResult } from './start.js';

const { backend, detail } = await startCuda();
const size = Number(process.env['GPU_CHECK_DIGITS'] ?? 8000);
const { train, test } = syntheticDigits({ train: size, test: Math.ceil(size / 8) });
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
  rows.push({ name, accuracy, seconds, result, fallbacks: backend.fallbacks() });
  console.log(
    `digits ${name}: accuracy ${accuracy} after 3 epochs of ${size}, ${seconds.toFixed(1)} s, fallbacks ${JSON.stringify(backend.fallbacks())}`,
  );
  if (!(accuracy > 0.85)) failed++;
}
writeResult('digits', { detail, rows });
process.exit(failed > 0 ? 1 : 0);
