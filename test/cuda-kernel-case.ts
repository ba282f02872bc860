import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { KernelCase } from '../packages/backend-wasm/testing/cases/kernel-case.js';
import { kernelCases } from '../packages/backend-wasm/testing/kernel-cases.js';
import { difference, runCase } from '../packages/backend-wasm/testing/run-case.js';

/** Runs the cases of a kernel on cuda, which is active, from the table that own backends share: all of them, or about so many, spread over the table. */
export async function expectCases(name: string, most: number = Infinity): Promise<void> {
  const cases = kernelCases[name]?.() ?? [];
  const step = Math.max(1, Math.floor(cases.length / most));
  for (const [index, test] of cases.entries()) {
    if (index % step !== 0) continue;
    const wrong = await wrongIn(name, test);
    const shapes = Object.values(test.inputs).map(({ shape }) => shape);
    if (wrong !== undefined) expect({ index, attrs: test.attrs, shapes, wrong }).toBeUndefined();
  }
}

/** What is wrong with a case of a kernel on the active backend, cuda, or undefined. */
async function wrongIn(name: string, test: KernelCase): Promise<object | undefined> {
  let { outputs } = test;
  if (outputs === 'cpu') {
    await tf.setBackend('cpu');
    outputs = runCase(name, test).outputs;
    await tf.setBackend('cuda');
  }
  const got = runCase(name, test, tf.backend() as never);
  if (got.outputs.length !== outputs.length) return { results: got.outputs.length };
  for (const [place, expected] of outputs.entries()) {
    const wrong = difference(got.outputs[place], expected, test.tolerance);
    if (wrong !== undefined) return { place, ...wrong };
  }
  for (const [key, given] of Object.entries(test.inputs)) {
    const wrong = difference(got.after[key], test.changes?.[key] ?? given, test.tolerance);
    if (wrong !== undefined) return { input: key, ...wrong };
  }
  return undefined;
}
