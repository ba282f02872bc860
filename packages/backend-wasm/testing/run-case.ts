import * as tf from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../src/index.js';
import type { Expected, KernelCase, Tolerance, Values } from './cases/kernel-case.js';

/** What a call gave: its results, then the inputs as they are afterwards. */
export interface Ran {
  readonly outputs: readonly Values[];
  readonly after: Readonly<Record<string, Values>>;
}

/** The elements of a tensor. */
export function readTensor(x: tf.Tensor): Values {
  return { shape: x.shape, dtype: x.dtype as 'float32', values: x.dataSync() as Float32Array };
}

function tensorOf({ values, shape, dtype }: Values): tf.Tensor {
  const Elements = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
  return tf.tensor(new Elements(values), [...shape], dtype);
}

/** Tensors of inputs. */
export function tensorsOf(inputs: KernelCase['inputs']): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, tensorOf(value)]));
}

/** Inputs as tfjs gives them to a kernel: some get a list. */
export function operandsOf(name: string, given: Readonly<Record<string, tf.Tensor>>): tf.NamedTensorMap {
  const operands = /^(Concat|Pack|Einsum|AddN)$/.test(name) ? Object.values(given) : given;
  return operands as tf.NamedTensorMap;
}

/** Runs a kernel of the active backend. Throws where it leaves a tensor behind, or asks tfjs-backend-cpu. */
export function runCase(name: string, { inputs, attrs }: KernelCase, backend?: WasmSimdBackend): Ran {
  const before = tf.memory().numTensors;
  backend?.resetFallbacks();
  let ran: Ran = { outputs: [], after: {} };
  tf.tidy(() => {
    const given = tensorsOf(inputs);
    const results = tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, operandsOf(name, given), { ...attrs });
    const outputs = (Array.isArray(results) ? results : [results]).map(readTensor);
    ran = { outputs, after: Object.fromEntries(Object.entries(given).map(([key, x]) => [key, readTensor(x)])) };
  });
  const asked = Object.keys(backend?.fallbacks() ?? {});
  if (asked.length > 0) throw new Error(`${name} asks tfjs-backend-cpu: ${asked}`);
  if (tf.memory().numTensors !== before) throw new Error(`${name} leaves tensors behind`);
  return ran;
}

/** What is wrong with a result, or undefined. */
export function difference(got: Values | undefined, expected: Expected, tolerance?: Tolerance): object | undefined {
  if (got === undefined) return { missing: expected.shape };
  if (got.shape.join() !== expected.shape.join()) return { shape: got.shape, expected: expected.shape };
  if (got.dtype !== (expected.dtype ?? 'float32')) return { dtype: got.dtype, expected: expected.dtype };
  const { relative = 0, absolute = 0 } = tolerance ?? {};
  if (got.values.length !== expected.values.length)
    return { length: got.values.length, expected: expected.values.length };
  for (let index = 0; index < got.values.length; index++) {
    const [value, wanted] = [got.values[index]!, expected.values[index]!];
    // The sign of zero is the binaries' own: they are compared bit by bit with each other.
    if (value === wanted || value === Math.fround(wanted) || (Number.isNaN(value) && Number.isNaN(wanted))) continue;
    if (!(Math.abs(value - wanted) <= relative * Math.abs(wanted) + absolute))
      return { index, value, expected: wanted };
  }
  return undefined;
}
