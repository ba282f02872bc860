import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@gradstream/backends';
import { readEvents } from '@gradstream/tensorboard';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { trainMnist, type TrainMnistOptions } from './train-mnist.js';

let folder = '';
let lines: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradstream-main-'));
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text).trimEnd());
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const options = (more: Partial<TrainMnistOptions> = {}): TrainMnistOptions => ({
  data: 'synthetic-digits',
  epochs: 1,
  batch: 64,
  seed: 42,
  backend: 'wasm',
  logs: join(folder, 'logs'),
  export: join(folder, 'export'),
  ...more,
});
const line = (start: string): string => lines.find((text) => text.startsWith(start)) ?? '';
const accuracy = (): number => Number(/[\d.]+/.exec(line('\nTest accuracy'))?.[0]);

describe('train-mnist', () => {
  it('trains, evaluates, logs, exports and predicts', async () => {
    await useBackend('wasm');
    const before = tf.memory().numTensors;
    await trainMnist(options());
    expect(accuracy()).toBeGreaterThan(90);

    const [version] = await readdir(join(folder, 'export'));
    expect(Number(version)).toBeGreaterThan(1.7e9);
    expect(await readdir(join(folder, 'export', version!))).toEqual(['saved_model.pb']);

    const [run] = await readdir(join(folder, 'logs'));
    const [file] = await readdir(join(folder, 'logs', run!, 'validation'));
    const tags: string[] = [];
    for await (const event of readEvents(await readFile(join(folder, 'logs', run!, 'validation', file!)))) {
      if (event.what.case === 'summary') tags.push(...event.what.value.value.map(({ tag }) => tag));
    }
    expect(tags).toContain('epoch_accuracy');

    expect(lines.join('\n')).toMatch(/Ten test digits[^]*⣿/);
    expect(line('Next:')).toContain('tensorboard --logdir');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same numbers for the same seed, and others for another', async () => {
    const measured: string[] = [];
    for (const seed of [7, 7, 8]) {
      lines = [];
      await trainMnist(options({ seed, batch: 256 }));
      measured.push(line('\nTest accuracy'));
    }
    expect(measured[0]).toBe(measured[1]);
    expect(measured[0]).not.toBe(measured[2]);
  });

  it('ends after the step in hand on Ctrl-C, and still evaluates and saves', async () => {
    const listeners = process.listenerCount('SIGINT');
    const work = trainMnist(options({ epochs: 500 }));
    const ready = setInterval(() => {
      if (process.listenerCount('SIGINT') === listeners) return;
      clearInterval(ready);
      setTimeout(() => process.emit('SIGINT'), 300);
    }, 5);
    await work;
    expect(accuracy()).toBeGreaterThan(5);
    expect(await readdir(join(folder, 'export'))).toHaveLength(1);
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });
});
