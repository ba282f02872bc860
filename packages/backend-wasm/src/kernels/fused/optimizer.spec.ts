import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { type WasmSimdBackend, wasmSimdBackend } from '../../index.js';

beforeAll(() => wasmSimdBackend().start());

const values = (size: number, phase: number): tf.Tensor1D =>
  tf.tensor1d(Float32Array.from({ length: size }, (_, index) => Math.sin(index * 1.7 + phase)));

it.each([0, 1, 3, 4, 17, 100_003])("Adam's pass over %i values has the bits of single kernels", (size) => {
  const [decay1, decay2, offset] = [0.9, 0.999, 3e-6];
  tf.tidy(() => {
    const [m, v, gradient] = [values(size, 1), tf.abs(values(size, 2)), values(size, 3)];
    const fused = tf
      .engine()
      .runKernel('GradstreamAdam', { m, v, gradient }, { decay1, decay2, offset }) as unknown as tf.Tensor[];
    const newM = tf.add(tf.mul(m, decay1), gradient);
    const newV = tf.add(tf.mul(v, decay2), tf.square(gradient));
    const single = [newM, newV, tf.div(newM, tf.add(tf.sqrt(newV), offset))];
    for (const [index, tensor] of single.entries()) expect(fused[index]!.dataSync()).toEqual(tensor.dataSync());
  });
});

it('refuses operands that do not fit, and names the kernel', () => {
  const backend = tf.backend() as WasmSimdBackend;
  const used = backend.memory().heap.used;
  expect(() =>
    tf.tidy(() =>
      tf.engine().runKernel('GradstreamAdam', { m: tf.zeros([2]), v: tf.zeros([3]), gradient: tf.zeros([3]) }, {}),
    ),
  ).toThrow(/GS_BACKEND_KERNEL .*backend-wasm\/GradstreamAdam.*m float32 \[2\]/s);
  expect(backend.memory().heap.used).toBe(used);
});
