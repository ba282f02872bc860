import * as tf from '@tensorflow/tfjs-core';
import { type VariantName, variants, whyNot } from '../src/internal/binaries/variants.js';
import type { WasmSimdBackend } from '../src/index.js';
import { registerWasmSimd } from '../src/wasm-simd.js';

/**
 * The binaries that run here, each as a tfjs backend of its own; those with threads run two. Node 20 runs the relaxed ones in vitest's
 * project `relaxed` only, which sets the flag for them.
 */
export const binaries: readonly {
  readonly backendName: string;
  readonly variant: VariantName;
  readonly threads: number;
}[] = variants
  .filter((variant) => whyNot(variant) === undefined)
  .map(({ name, threads }) => ({ backendName: `test-${name}`, variant: name, threads: threads ? 2 : 1 }));

/** Starts one of them, once, and makes it the active backend. */
export async function useBinary({
  backendName,
  variant,
  threads,
}: (typeof binaries)[number]): Promise<WasmSimdBackend> {
  const started = tf.findBackend(backendName) as WasmSimdBackend | null;
  const backend = started ?? (await registerWasmSimd(backendName, variant, threads));
  await tf.setBackend(backendName);
  return backend;
}

/** Runs a kernel of the active backend and reads what it gives; frees everything. */
export function runKernel(
  name: string,
  inputs: Record<string, tf.Tensor | undefined>,
  attrs: object = {},
): Float32Array[] {
  const given = Object.fromEntries(Object.entries(inputs).filter(([, x]) => x !== undefined)) as tf.NamedTensorMap;
  const results = tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, given, attrs as tf.NamedAttrMap);
  const list = Array.isArray(results) ? results : [results];
  const values = list.map((x) => x.dataSync() as Float32Array);
  tf.dispose(list);
  return values;
}

/** The numbers of a tensor; frees it and what it was made from. `tf.tidy` would look for tensors at each place of an array that it returns. */
export function valuesOf(make: () => tf.Tensor): Float32Array {
  const result = tf.tidy(make);
  const values = result.dataSync<'float32'>();
  result.dispose();
  return values;
}

/** Numbers in [-1, 1), the same at each run. */
export function randomNumbers(size: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  });
}

/** Sizes around a vector, and one with several units of work. */
export const SIZES: readonly number[] = [0, 1, 3, 4, 5, 7, 8, 1000];

/** Where two lists differ first, with both numbers; undefined where they are the same. Much faster than a matcher on long lists. */
export function firstDifference(got: ArrayLike<number>, expected: ArrayLike<number>): object | undefined {
  for (let index = 0; index < Math.max(got.length, expected.length); index++)
    if (!Object.is(got[index], expected[index])) return { index, got: got[index], expected: expected[index] };
  return undefined;
}
