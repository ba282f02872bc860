import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers gradients, once a process; the packages use @gradstream/autodiff
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { withKernel } from '../with-kernel.js';
import type { CheckedBackend } from './checked-backend.js';
import { testBackend } from './test-backend.js';

const cpu: CheckedBackend = {
  name: 'cpu',
  probe: async () => ({ available: true, detail: 'plain JavaScript' }),
  start: async () => void (await tf.setBackend('cpu')),
};

/** The titles of the tests that fail, with their reasons. */
async function failures(plugin: CheckedBackend): Promise<Record<string, string>> {
  const tests: [string, () => Promise<void>][] = [];
  testBackend(
    () => plugin,
    (title, run) => tests.push([title, run]),
  );
  const failed: Record<string, string> = {};
  for (const [title, run] of tests) await run().catch((error: Error) => void (failed[title] = error.message));
  return failed;
}

/** A kernel of cpu whose result is changed. */
function wrong(kernelName: string, change: (result: tf.TensorInfo) => tf.TensorInfo): tf.KernelConfig {
  const own = tf.getKernel(kernelName, 'cpu');
  return { ...own, kernelFunc: (given) => change(own.kernelFunc(given) as tf.TensorInfo) };
}

describe('testBackend', () => {
  it('lets a backend pass that keeps everything', async () => expect(await failures(cpu)).toEqual({}));

  it.each<[string, Partial<CheckedBackend>, RegExp]>([
    [
      'says another thing each time',
      { probe: async () => ({ available: true, detail: `${Math.random()}` }) },
      /Asked twice/,
    ],
    ['says nothing', { probe: async () => ({ available: true, detail: ' ' }) }, /says nothing/],
    ['cannot run here', { probe: async () => ({ available: false, reason: 'No sun', remedy: 'Wait' }) }, /No sun/],
    ['has another name', { name: 'gpu' }, /cpu is active after the start of gpu/],
    [
      'counts backwards',
      { fallbacks: () => ({ kernels: [], calls: { Add: -1 } }) },
      /Add is said to have been called -1/,
    ],
  ])('finds one that %s', async (_, change, reason) => {
    expect(Object.values(await failures({ ...cpu, ...change })).join('\n')).toMatch(reason);
  });

  it('finds wrong numbers', async () => {
    const add = wrong('Add', (result) => {
      const values = (tf.backend() as unknown as { data: { get(id: object): { values: Float32Array } } }).data.get(
        result.dataId,
      );
      if (values.values.length > 20) values.values[20] = 7;
      return result;
    });
    await withKernel(add, async () =>
      expect(Object.keys(await failures(cpu))).toContain('adds with broadcasting, and sums over any axis'),
    );
  });

  it('finds memory that is not given back', async () => {
    const kept: unknown[] = [];
    const tanh = wrong('Tanh', (result) => {
      kept.push(tf.keep(tf.zeros([3])));
      return result;
    });
    await withKernel(tanh, async () => {
      const failed = await failures(cpu);
      expect(failed['learns what no straight line parts, and its memory is flat']).toMatch(/numTensors went from/);
    });
    tf.dispose(kept as tf.Tensor[]);
  });
});
