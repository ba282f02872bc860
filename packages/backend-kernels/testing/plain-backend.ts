import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { registerKernels } from '../src/index.js';
import type { FallbackBackend, Kernel, Moves, OutputBackend } from '../src/index.js';

type Numbers = Float32Array | Int32Array | Uint8Array;

/** The least that the shared kernels ask of a backend, on arrays of JavaScript: what tfjs-backend-cpu has, and nothing computed. */
export class PlainBackend extends MathBackendCPU implements OutputBackend, FallbackBackend {
  readonly fallen: string[] = [];

  output(shape: number[], dtype: DataType): TensorInfo {
    const size = tf.util.sizeFromShape(shape);
    const values = dtype === 'float32' ? new Float32Array(size).fill(NaN) : tf.util.makeZerosTypedArray(size, dtype);
    return this.makeTensorInfo(shape, dtype, values as Float32Array);
  }

  share(x: TensorInfo, shape: number[] = x.shape): TensorInfo {
    this.incRef(x.dataId);
    return { dataId: x.dataId, shape, dtype: x.dtype };
  }

  fallback<T extends TensorInfo | TensorInfo[]>(name: string, kernel: () => T): T {
    this.fallen.push(name);
    return kernel();
  }
}

/** The numbers of a tensor, to be read and written. */
export const numbersOf = (backend: PlainBackend, x: TensorInfo): Numbers =>
  backend.data.get(x.dataId).values as Numbers;

/** Moves of the plain backend: an element at a time. */
export const plainMoves: Moves<PlainBackend> = {
  stridedCopy(backend, x, y, dimensions, fromOffset = 0, toOffset = 0) {
    const [from, to] = [numbersOf(backend, x), numbersOf(backend, y)];
    const copy = (at: number, source: number, target: number): void => {
      const dimension = dimensions[at];
      if (dimension === undefined) to[target] = from[source]!;
      else
        for (let index = 0; index < dimension.count; index++)
          copy(at + 1, source + index * dimension.from, target + index * dimension.to);
    };
    copy(0, fromOffset, toOffset);
  },
  filled(backend, shape, dtype, value) {
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') return undefined;
    const y = backend.output(shape, dtype);
    numbersOf(backend, y).fill(value);
    return y;
  },
};

/** A backend `plain` with kernels of its own before those of tfjs-backend-cpu. */
export async function startPlain(kernels: readonly Kernel<PlainBackend>[]): Promise<PlainBackend> {
  const backend = new PlainBackend();
  for (const { kernelName } of tf.getKernelsForBackend('plain')) tf.unregisterKernel(kernelName, 'plain');
  if (tf.findBackendFactory('plain') !== null) tf.removeBackend('plain');
  registerKernels('plain', 'plain-backend', kernels);
  tf.registerBackend('plain', () => backend);
  await tf.setBackend('plain');
  return backend;
}

/** Expects of an operation that it gives on the plain backend what tfjs-backend-cpu gives, by kernels of its own, and leaves nothing behind. */
export async function expectAsCpu(run: () => tf.Tensor | tf.Tensor[]): Promise<void> {
  const read = (): object[] =>
    tf.tidy(() => {
      const results = run();
      return (Array.isArray(results) ? results : [results]).map((x) => ({
        shape: x.shape,
        dtype: x.dtype,
        values: [...x.dataSync()],
      }));
    });
  await tf.setBackend('cpu');
  const expected = read();
  await tf.setBackend('plain');
  const backend = tf.backend() as PlainBackend;
  backend.fallen.length = 0;
  const before = [tf.memory().numTensors, backend.numDataIds()];
  expect(read()).toEqual(expected);
  // tf.avgPool casts to the type that there is.
  expect(backend.fallen.filter((name) => name !== 'Cast')).toEqual([]);
  expect([tf.memory().numTensors, backend.numDataIds()]).toEqual(before);
}
