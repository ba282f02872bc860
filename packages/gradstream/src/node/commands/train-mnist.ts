import { join, relative } from 'node:path';
import { earlyStopping, progress } from '@gradstream/callbacks';
import { tensorBoard } from '@gradstream/callbacks/node';
import { saveModel } from '@gradstream/exporters/node';
import { dense, flatten, sequential, type Model } from '@gradstream/layers';
import { compile, type Trainer } from '@gradstream/trainer';
import { useBackend } from '../use-backend.js';
import { drawDigits } from '../draw-digits.js';
import { makeFolder } from '../make-folder.js';
import { loadDigits, type Digits } from '../load-digits.js';
import { stopOnInterrupt } from '../stop-on-interrupt.js';

/** Options of `gradstream train-mnist`. */
export interface TrainMnistOptions {
  readonly data?: 'mnist' | 'synthetic-digits';
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
  readonly backend?: string;
  readonly logs: string;
  readonly export: string;
}

const say = (line: string): void => console.log(line);

/** Trains the course's network on digits: data, model, training with its events, evaluation, logs, a SavedModel, and ten predictions to look at. */
export async function trainMnist(options: TrainMnistOptions): Promise<void> {
  const { epochs, batch, seed } = options;
  // Not after minutes of training.
  await makeFolder('gradstream train-mnist', '--logs', options.logs);
  await makeFolder('gradstream train-mnist', '--export', options.export);
  const backend = await useBackend(options.backend);
  say(`Backend: ${backend.name} (${backend.detail})`);
  for (const { name, reason } of backend.rejected) say(`  not ${name}: ${reason}`);

  const digits = await loadDigits(options.data, seed, say);
  const held = Math.floor(digits.train.size! / 12);
  const train = digits.train.skip(held).shuffle(digits.train.size!, { seed }).batch(batch);
  const validation = digits.train.take(held).batch(500);
  say(
    `Data: ${digits.name}, ${digits.train.size! - held} images to train on, ${held} to validate, ${digits.test.size} to test\n`,
  );

  const model = network(seed);
  say(model.summary());
  const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const folder = join(options.logs, timestamp());
  const stopping = earlyStopping({ monitor: 'val_loss', patience: 2, restoreBestWeights: true });
  say('');
  const run = trainer.fit(train, {
    epochs,
    validationData: validation,
    callbacks: [stopping, progress(), tensorBoard(folder)],
  });
  const history = await stopOnInterrupt(() => run.stop('stopped with Ctrl-C'), run);
  if (history.reason === 'callback') say(`Stopped early: ${history.message}`);

  const { loss, accuracy } = await trainer.evaluate(digits.test.batch(500));
  say(
    `\nTest accuracy: ${(100 * accuracy!).toFixed(2)} %, test loss: ${loss!.toFixed(4)} (${digits.test.size} images that were not trained on)`,
  );
  const saved = await saveModel(model, options.export, { format: 'savedModel', timestamped: true });
  say(`SavedModel: ${relative('.', saved.path)}`);
  say(`TensorBoard logs: ${folder}\n`);
  await showPredictions(trainer, digits);
  say(advice(digits.name, options));
  trainer.dispose();
  model.dispose();
}

/** Flatten, three dense layers of 128 with relu, and one of 10 with softmax. */
function network(seed: number): Model {
  return sequential(
    [
      flatten({ inputShape: [28, 28] }),
      dense(128, { activation: 'relu' }),
      dense(128, { activation: 'relu' }),
      dense(128, { activation: 'relu' }),
      dense(10, { activation: 'softmax' }),
    ],
    { name: 'digits', seed },
  );
}

async function showPredictions(trainer: Trainer, { test }: Digits): Promise<void> {
  const [ten] = await test.take(10).batch(10).toArray();
  const { values } = await trainer.predict(ten!.x);
  const captions = Array.from(ten!.y.values, (label, index) => {
    const row = values.subarray(10 * index, 10 * index + 10);
    const best = row.indexOf(Math.max(...row));
    const share = `${best} ${(100 * row[best]!).toFixed(0)} %`;
    return best === label ? share : `${share} (is ${label})`;
  });
  say('Ten test digits and what the network takes them for:\n');
  say(`${drawDigits(ten!.x, captions)}\n`);
}

function advice(data: Digits['name'], { logs, seed }: TrainMnistOptions): string {
  const other = data === 'mnist' ? 'synthetic-digits' : 'mnist';
  const lines = [
    [`tensorboard --logdir ${logs}`, 'the curves of this run (pip install tensorboard)'],
    [`npm start -- --seed ${seed + 1} --epochs 10`, 'other random numbers, and longer'],
    [`npm start -- --data ${other}`, other === 'mnist' ? 'real handwriting' : 'digits that need no file'],
    ['npx gradstream doctor', 'what this machine can train on'],
  ] as const;
  return ['Next:', ...lines.map(([command, what]) => `  ${command.padEnd(40)}${what}`)].join('\n');
}

/** Local time as a folder name: 20260131-174455. */
function timestamp(): string {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}
