import * as tf from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../src/index.js';
import { firstDifference } from './binaries.js';
import type { KernelCase } from './cases/kernel-case.js';
import { operandsOf, readTensor, runCase, tensorsOf } from './run-case.js';

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

/**
 * Records a call of a kernel, fills memory with other tensors, spoils its results and calls it again from the record: what is wrong then, or undefined. The bits have
 * to be those of a usual call, and the other tensors what they were.
 */
export function recordedCase(name: string, test: KernelCase, backend: WasmSimdBackend): object | undefined {
  const eager = runCase(name, test, backend);
  const given = tensorsOf(test.inputs);
  const inputs = Object.values(given);
  let results: tf.Tensor[] = [];
  const step = backend.recordStep(
    () => {
      const made = tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, operandsOf(name, given), { ...test.attrs });
      results = Array.isArray(made) ? made : [made];
    },
    () => [],
    inputs,
  );
  if ('reason' in step) return { reason: step.reason };
  const others = afterwards([...results, ...inputs]);
  for (const result of results) step.write(result, new Uint8Array(result.size).fill(9));
  for (const [key, x] of Object.entries(given)) step.write(x, test.inputs[key]!.values);
  const isDone = step.replay();
  const got = [...results, ...inputs].map(readTensor);
  const wanted = [...eager.outputs, ...Object.values(eager.after)];
  const isClean = others.every(isUntouched);
  step.dispose();
  tf.dispose([...others, ...results, ...inputs]);
  if (!isDone) return { wrong: 'it goes another way' };
  if (!isClean) return { wrong: 'other tensors were written over' };
  const differences = wanted.map(({ values }, place) => firstDifference(got[place]!.values, values));
  const place = differences.findIndex((difference) => difference !== undefined);
  return place < 0 ? undefined : { place, wrong: differences[place] };
}
