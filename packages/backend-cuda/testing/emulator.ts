import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import koffi from 'koffi';
import { expect } from 'vitest';
import { buildCublas, buildEmulator, whyNoEmulator } from '../scripts/build-emulator.mjs';
import { CUDA, registerCuda, type CudaOptions } from '../src/cuda.js';
import type { CudaBackend } from '../src/cuda-backend.js';
import { loadLookAlike, type LookAlike } from './look-alike.js';

/** Why nothing can run on the emulator here, or undefined: specs on it are skipped then. */
export const noEmulator: string | undefined = await whyNoEmulator();

/** The title of specs on the emulator: it says why where they are skipped. */
export const onEmulator: string =
  noEmulator === undefined ? 'on the emulator' : `on the emulator, skipped: ${noEmulator}`;

/** The library, and what sets it up. */
export interface Emulator {
  readonly library: string;
  /** What the machine looks like from the next `cuInit` on: the driver's version, as 13000, devices, their capability and bytes. */
  configure(version?: number, devices?: number, capability?: number, memory?: number): void;
  /** Lets a call fail once, after so many that do not. */
  fail(call: string, after: number, error: number): void;
  /** Nothing fails any more. */
  mend(): void;
  /** How often a call was made. */
  called(call: string): number;
  /** Pieces of device memory that are taken. */
  blocks(): number;
  /** The most blocks along the second and the third dimension of a grid, until the next `configure`. */
  limitGrid(most: number): void;
  /** Lets processes that name the same file share their devices; null for devices of one's own. */
  share(path: string | null): number;
  /** In which order threads and blocks take their turns: f forward, r reversed, a alternately, s shuffled. */
  order(threads: string, blocks: string): void;
  /** How much work waits on a stream. */
  waiting(stream: number): number;
  /** With 1 work is done as late as it may be: whoever does not wait for what he needs finds it missing. */
  defer(on: 0 | 1): void;
}

/** A library that looks like cuBLAS. */
export interface CublasLookAlike extends LookAlike {
  readonly library: string;
  /** How many were created and not destroyed. */
  handles(): number;
}

/** Builds the emulator where it is not yet, and loads it. `tensorCores`: with the kernels for them. */
export async function loadEmulator({ tensorCores = false } = {}): Promise<Emulator> {
  const library = await buildEmulator({ tensorCores });
  const functions = koffi.load(library);
  const configure = functions.func('void emulator_configure(int, int, int, longlong)');
  return {
    library,
    configure: (version = 13_000, devices = 1, capability = 90, memory = 2 ** 31) =>
      void configure(version, devices, capability, memory),
    fail: functions.func('void emulator_fail(str, int, int)') as unknown as Emulator['fail'],
    mend: functions.func('void emulator_mend()') as unknown as Emulator['mend'],
    called: functions.func('long emulator_called(str)') as unknown as Emulator['called'],
    blocks: functions.func('long emulator_blocks()') as unknown as Emulator['blocks'],
    limitGrid: functions.func('void emulator_limit_grid(int)') as unknown as Emulator['limitGrid'],
    share: functions.func('int emulator_share(str)') as unknown as Emulator['share'],
    order: functions.func('void emulator_order(str, str)') as unknown as Emulator['order'],
    waiting: functions.func('long emulator_waiting(uint64)') as unknown as Emulator['waiting'],
    defer: functions.func('void emulator_defer(int)') as unknown as Emulator['defer'],
  };
}

/** Builds what looks like cuBLAS where it is not built yet, and loads it. */
export async function loadCublasLookAlike(): Promise<CublasLookAlike> {
  const library = await buildCublas();
  const lookAlike = loadLookAlike(library, 'cublas');
  return { ...lookAlike, library, handles: lookAlike.func('long cublas_handles()') };
}

/** Starts a new backend on the emulator and makes it active. */
export async function startOnEmulator({
  tensorCores = false,
  ...options
}: Omit<CudaOptions, 'library'> & { readonly tensorCores?: boolean } = {}): Promise<{
  readonly backend: CudaBackend;
  readonly emulator: Emulator;
}> {
  const emulator = await loadEmulator({ tensorCores });
  emulator.mend();
  emulator.configure();
  const backend = await registerCuda(CUDA, { ...options, library: emulator.library });
  await tf.setBackend(CUDA);
  return { backend, emulator };
}

/** Runs operations on cuda and on cpu: the same numbers, nothing left behind, nothing asked of tfjs-backend-cpu. */
export async function expectSameAsCpu(run: () => tf.Tensor | tf.Tensor[], relative: number = 1e-6): Promise<void> {
  const backend = tf.findBackend(CUDA) as CudaBackend;
  const results: (readonly { readonly shape: number[]; readonly dtype: string; readonly values: number[] }[])[] = [];
  for (const name of [CUDA, 'cpu']) {
    await tf.setBackend(name);
    const before = tf.memory().numTensors;
    backend.resetFallbacks();
    tf.tidy(() => {
      const ran = [run()].flat();
      results.push(ran.map((x) => ({ shape: x.shape, dtype: x.dtype, values: [...x.dataSync()] })));
    });
    expect(backend.fallbacks()).toEqual({});
    expect(tf.memory().numTensors).toBe(before);
  }
  await tf.setBackend(CUDA);
  const [cuda, cpu] = results;
  expect(cuda!.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    cpu!.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  for (const [place, { values }] of cpu!.entries()) {
    const wrong = cuda![place]!.values.findIndex((value, index) => {
      const wanted = values[index]!;
      return (
        !Object.is(value, wanted) &&
        value !== wanted &&
        !(Math.abs(value - wanted) <= relative * (1 + Math.abs(wanted)))
      );
    });
    if (wrong >= 0) expect({ place, wrong, value: cuda![place]!.values[wrong] }).toEqual({ value: values[wrong] });
  }
}

/** Numbers between -2 and 2 that are the same each time. */
export function numbers(shape: readonly number[], seed = 1): tf.Tensor {
  const size = shape.reduce((product, count) => product * count, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, index) => 2 * Math.sin((index + 1) * 12.9898 + seed * 78.233)),
    [...shape],
  );
}
