import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, firstDifference, useBinary } from '../../testing/binaries.js';
import { kernelCases } from '../../testing/kernel-cases.js';
import { operandsOf, readTensor, runCase, tensorsOf } from '../../testing/run-case.js';
import type { WasmSimdBackend } from '../index.js';
import { kernels } from './kernels.js';

/** Tensors that are made after a recording: whatever block it should have kept, one of them gets it. */
function afterwards(tensors: readonly tf.Tensor[]): tf.Tensor[] {
  const sizes = new Set([1, 17, 250, 4000, ...tensors.map(({ size }) => size)]);
  return [...sizes].flatMap((size) => [tf.fill([size], 7), tf.fill([size], 7)]);
}

/** Whether all elements are 7: one comparison of bytes for each tensor. */
function isUntouched(x: tf.Tensor): boolean {
  const values = x.dataSync() as Float32Array;
  return Buffer.compare(Buffer.from(values.buffer), Buffer.from(new Float32Array(values.length).fill(7).buffer)) === 0;
}

describe.each(binaries.filter(({ variant }) => variant.startsWith('simd')))('$variant', (setup) => {
  let backend: WasmSimdBackend;
  beforeAll(async () => void (backend = await useBinary(setup)));

  it.each(kernels.map(({ name }) => name))('a recorded %s gives the same bits and touches nothing else', (name) => {
    for (const [index, test] of kernelCases[name]!().entries()) {
      const eager = runCase(name, test, backend);
      const given = tensorsOf(test.inputs);
      let results: tf.Tensor[] = [];
      const step = backend.recordStep(
        () => {
          const made = tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, operandsOf(name, given), { ...test.attrs });
          results = Array.isArray(made) ? made : [made];
        },
        () => [],
        Object.values(given),
      );
      if ('reason' in step) throw new Error(`${name} ${index}: ${step.reason}`);
      const others = afterwards([...results, ...Object.values(given)]);
      for (const result of results) step.write(result, new Uint8Array(result.size).fill(9));
      for (const [key, x] of Object.entries(given)) step.write(x, test.inputs[key]!.values);
      expect(step.replay()).toBe(true);
      const got = [...results.map(readTensor), ...Object.values(given).map(readTensor)];
      const wanted = [...eager.outputs, ...Object.values(eager.after)];
      for (const [place, { values }] of wanted.entries())
        expect({ index, place, wrong: firstDifference(got[place]!.values, values) }).toEqual({ index, place });
      expect(others.every(isUntouched)).toBe(true);
      step.dispose();
      tf.dispose([...others, ...results, ...Object.values(given)]);
    }
  });
});

it('kernels take memory where the step that is recorded has its own', async () => {
  const { readFileSync, readdirSync } = await import('node:fs');
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
  expect(sources.length).toBeGreaterThan(30);
  expect(
    sources.filter((file) =>
      /runtime\.heap|\.readSync|numberIn/.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')),
    ),
  ).toEqual(['movement/scatter.ts']);
});
