// Runs in the browser: trains with checkpoints in the origin's private files and posts a digest of what it came to. With `#killed` in its address it posts after its third
// checkpoint, and goes on until the browser is killed; opened again with `#resumed` it goes on from there. `#whole` is the training that nobody interrupts.
import { uniformValues } from '@gradstream/core';
import { syntheticDigits } from '@gradstream/datasets';
import { dense, dropout, flatten, sequential } from '@gradstream/layers';
import { browserCheckpoints, compile } from '@gradstream/trainer';
import { useBackend } from 'gradstream';

const role = location.hash.slice(1);
const post = (result) => fetch('/result', { method: 'POST', body: JSON.stringify({ role, ...result }) });

async function train() {
  await useBackend('wasm-simd');
  const { train: samples } = await syntheticDigits({ seed: 3, train: 320, test: 1 });
  const noisy = ({ x, y }, key) => {
    const noise = uniformValues(key, 0, x.values.length, 0, 0.1);
    return { x: { ...x, values: Float32Array.from(x.values, (value, index) => value + noise[index]) }, y };
  };
  const model = sequential(
    [
      flatten({ inputShape: [28, 28] }),
      dense(64, { activation: 'relu' }),
      dropout(0.2),
      dense(10, { activation: 'softmax' }),
    ],
    { seed: 7 },
  );
  const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const run = trainer.fit(samples.shuffle(320, { seed: 1 }).randomMap(noisy, { seed: 2 }).batch(16), {
    epochs: 6,
    checkpointStore: browserCheckpoints(role === 'whole' ? 'whole' : 'interrupted'),
    saveEvery: { steps: 7 },
    resumeFrom: 'latest',
  });
  let saved = 0;
  let resumed = null;
  run.events$.subscribe((event) => {
    if (event.type === 'trainBegin') resumed = event.resumed ?? null;
    if (event.type === 'diagnosis') void post({ error: event.message });
    if (event.type === 'checkpointSaved' && ++saved === 3 && role === 'killed') void post({ saved });
  });
  const { history } = await run;
  const weights = await model.getWeights();
  const parts = Object.values(weights).map(
    ({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer()));
  const digits = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { resumed, digest: digits, losses: history.loss };
}

const result = await train().catch((error) => ({ error: String(error?.stack ?? error) }));
await post(result);
