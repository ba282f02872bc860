import koffi from 'koffi';
import type { Address, Handle } from '../driver/driver.js';
import { loadForCublas } from './cublas-lt.js';
import { firstLoaded, libraryCandidates, libraryIn } from './libraries.js';

type Out<T> = [T];

/** How cuBLAS is used for matrix products. */
export interface BlasOptions {
  /** Its library or the folder that has it; `false`: own kernels alone. By default it is used where it is found. */
  readonly library?: string | false;
  /** Large products and convolutions of numbers rounded to TF32, with sums in float32: many times faster, about three digits. Off by default. */
  readonly tf32?: boolean;
  /** Whether the cuBLASLt beside it does products with a bias and relu, in one launch; by default it does. `false` is for comparisons. */
  readonly lt?: boolean;
}

/** cuBLAS, and the path or name that it was loaded by. */
export interface Cublas extends CublasFunctions {
  readonly path: string;
}

/** The functions of cuBLAS that are used here. Each gives 0 or the number of an error. */
export interface CublasFunctions {
  cublasCreate_v2(handle: Out<Handle>): number;
  cublasDestroy_v2(handle: Handle): number;
  cublasSetStream_v2(handle: Handle, stream: Handle): number;
  cublasSetMathMode(handle: Handle, mode: number): number;
  cublasSetWorkspace_v2(handle: Handle, workspace: Address, bytes: number): number;
  cublasSgemmStridedBatched(
    handle: Handle,
    ...values: [
      ...transpose: [number, number],
      ...sizes: [number, number, number],
      alpha: Float32Array,
      ...a: [address: Address, row: number, step: number],
      ...b: [address: Address, row: number, step: number],
      beta: Float32Array,
      ...c: [address: Address, row: number, step: number],
      count: number,
    ]
  ): number;
  /** Of every type, and of numbers that are rounded on the way. */
  cublasGemmStridedBatchedEx(
    handle: Handle,
    ...values: [
      ...transpose: [number, number],
      ...sizes: [number, number, number],
      alpha: Float32Array,
      ...a: [address: Address, type: number, row: number, step: number],
      ...b: [address: Address, type: number, row: number, step: number],
      beta: Float32Array,
      ...c: [address: Address, type: number, row: number, step: number],
      count: number,
      compute: number,
      algorithm: number,
    ]
  ): number;
}

const parameters: Readonly<Record<keyof CublasFunctions, string>> = {
  cublasCreate_v2: '_Out_ uint64*',
  cublasDestroy_v2: 'uint64',
  cublasSetStream_v2: 'uint64, uint64',
  cublasSetMathMode: 'uint64, int',
  cublasSetWorkspace_v2: 'uint64, uint64, uint64',
  cublasSgemmStridedBatched:
    'uint64, int, int, int, int, int, void*, uint64, int, int64, uint64, int, int64, void*, uint64, int, int64, int',
  cublasGemmStridedBatchedEx:
    'uint64, int, int, int, int, int, void*, uint64, int, int, int64, uint64, int, int, int64, void*, uint64, int, int, int64, int, int, int',
};

/** The releases that have these functions, newest first. */
const RELEASES = [13, 12, 11];

/** Loads cuBLAS from a path, or from where the system has it; undefined where it is nowhere. Nothing is started. */
export function loadCublas(path?: string): Cublas | undefined {
  return firstLoaded(path === undefined ? cublasCandidates() : [path], bound);
}

function bound(path: string): Cublas {
  // Its own other half lies beside it, where the dynamic loader may not look.
  loadForCublas(path);
  const library = koffi.load(path);
  const functions = Object.entries(parameters).map(([name, list]) => [
    name,
    library.func(`int ${name}(${list})`) as unknown,
  ]);
  return { ...(Object.fromEntries(functions) as CublasFunctions), path };
}

/** Where cuBLAS is looked for. */
export function cublasCandidates(): readonly string[] {
  const names = RELEASES.map((release) =>
    process.platform === 'win32' ? `cublas64_${release}.dll` : `libcublas.so.${release}`,
  );
  return libraryCandidates({ names, packages: ['cu13', 'cublas'] });
}

/** The library that a path means: a file, or the newest of a folder. */
export function libraryAt(path: string): string {
  return libraryIn(path, 'libcublas');
}

/** What the environment says: `GRADSTREAM_CUBLAS`, a library, a folder, or `off`; `GRADSTREAM_CUDA_TF32`, `1`. */
export function environmentBlas(): BlasOptions {
  const library = process.env['GRADSTREAM_CUBLAS']?.trim();
  const tf32 = process.env['GRADSTREAM_CUDA_TF32']?.trim() === '1';
  return library ? { library: library === 'off' ? false : library, tf32 } : { tf32 };
}
