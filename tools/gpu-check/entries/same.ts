// The same losses on cuda, step by step, on cuda as a captured step, and on tfjs-backend-cpu, for small networks of each kind.
import * as tf from '@tensorflow/tfjs-core';
import { cnn, mlp, recurrent, resnet, transformer } from './models.js';
import { startCuda, writeResult } from './start.js';
import { Training } from './training.js';

const STEPS = 6;
const tasks = [
  mlp({ batch: 32, width: 64 }),
  cnn({ batch: 8, width: 4 }),
  recurrent({ batch: 8, width: 32 }),
  transformer({ batch: 2, width: 64 }),
  resnet({ batch: 4, width: 4 }),
];
const { backend, detail } = await startCuda();
console.log(detail);

async function losses(
  backendName: string,
  task: (typeof tasks)[number],
  captured: boolean,
): Promise<{ values: number[]; reason?: string | undefined }> {
  await tf.setBackend(backendName);
  const training = new Training(task);
  const values: number[] = [];
  const read = async (x: tf.Tensor): Promise<void> => void values.push((await x.data())[0]!);
  const eager = async (): Promise<void> => {
    const loss = training.step();
    await read(loss);
    loss.dispose();
    training.counter.advance();
    void training.counter.tensor;
  };
  if (!captured) {
    for (let step = 0; step < STEPS; step++) await eager();
    return { values };
  }
  // The first two steps are inside of captureStep, with one counter: they are told to it before.
  await eager();
  const step = training.capture();
  await read(step.results);
  const counter = training.counter;
  const tensor = counter.tensor;
  for (let done = 3; done < STEPS; done++) {
    step.write(tensor, Int32Array.of(done + 1));
    step.run();
    await read(step.results);
  }
  const { reason } = step;
  step.dispose();
  return { values, reason };
}

const rows = [];
let failed = 0;
for (const task of tasks) {
  const row: Record<string, unknown> = { name: task.name };
  try {
    backend.resetFallbacks();
    const eager = await losses('cuda', task, false);
    const fallbacks = { ...backend.fallbacks() };
    const captured = await losses('cuda', task, true);
    const cpu = await losses('cpu', task, false);
    const off = (a: readonly number[], b: readonly number[]): number =>
      Math.max(...a.map((value, at) => Math.abs(value - b[at]!) / Math.abs(b[at]!)));
    // The captured run does one step more than it shows: its second one is the warm-up.
    const shown = [captured.values[0]!, ...captured.values.slice(1)];
    const wanted = [eager.values[0]!, ...eager.values.slice(2)];
    Object.assign(row, {
      eager: eager.values,
      captured: captured.values,
      cpu: cpu.values,
      reason: captured.reason,
      fallbacks,
    });
    row['eager against cpu'] = off(eager.values, cpu.values);
    row['captured against eager'] =
      task.name === 'MLP'
        ? 'see captured dropout'
        : Math.max(...shown.map((value, at) => Math.abs(value - wanted[at]!)));
    if (
      !(off(eager.values, cpu.values) < 2e-3) ||
      captured.reason !== undefined ||
      (typeof row['captured against eager'] === 'number' && row['captured against eager'] !== 0)
    )
      failed++;
    console.log(
      `${task.name}: eager/cpu ${off(eager.values, cpu.values).toExponential(1)}, captured/eager ${row['captured against eager']}, loss ${eager.values[0]} -> ${eager.values.at(-1)}, fallbacks ${JSON.stringify(fallbacks)}${captured.reason ? `, not captured: ${captured.reason}` : ''}`,
    );
  } catch (error) {
    failed++;
    row['error'] = String((error as Error).stack).slice(0, 800);
    console.log(`${task.name}: ${row['error']}`);
  }
  rows.push(row);
}
// What of the libraries these steps ran on is known now.
console.log(backend.detail);
writeResult('same', { detail: backend.detail, rows });
process.exit(failed > 0 ? 1 : 0);
