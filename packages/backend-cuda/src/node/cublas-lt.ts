import { existsSync } from 'node:fs';
import koffi from 'koffi';
import type { Address, Handle } from '../driver/driver.js';
import { firstLoaded } from './libraries.js';

type Out<T> = [T];
type Attribute = [number: number, value: Int32Array | BigUint64Array, bytes: number];

/** The functions of cuBLASLt that are used here, which its releases 11, 12 and 13 have. All but the last give 0 or the number of an error. */
export interface CublasLt {
  cublasLtCreate(handle: Out<Handle>): number;
  cublasLtDestroy(handle: Handle): number;
  cublasLtMatmulDescCreate(made: Out<Handle>, compute: number, scale: number): number;
  cublasLtMatmulDescDestroy(product: Handle): number;
  cublasLtMatmulDescSetAttribute(product: Handle, ...attribute: Attribute): number;
  /** Of matrices whose columns lie one after the other, `step` numbers apart. */
  cublasLtMatrixLayoutCreate(made: Out<Handle>, type: number, rows: number, columns: number, step: number): number;
  cublasLtMatrixLayoutDestroy(layout: Handle): number;
  cublasLtMatmulPreferenceCreate(made: Out<Handle>): number;
  cublasLtMatmulPreferenceDestroy(preference: Handle): number;
  cublasLtMatmulPreferenceSetAttribute(preference: Handle, ...attribute: Attribute): number;
  cublasLtMatmulAlgoGetHeuristic(
    handle: Handle,
    product: Handle,
    ...layouts: [
      a: Handle,
      b: Handle,
      c: Handle,
      d: Handle,
      preference: Handle,
      most: number,
      found: Uint8Array,
      Out<number>,
    ]
  ): number;
  cublasLtMatmul(
    handle: Handle,
    product: Handle,
    alpha: Float32Array,
    ...values: [
      ...a: [address: Address, layout: Handle],
      ...b: [address: Address, layout: Handle],
      beta: Float32Array,
      ...c: [address: Address, layout: Handle],
      ...d: [address: Address, layout: Handle],
      algorithm: Uint8Array,
      ...workspace: [address: Address, bytes: number],
      stream: Handle,
    ]
  ): number;
  /** 131000 is 13.10.0. */
  cublasLtGetVersion(): number;
}

const made = '_Out_ uint64*';
const attribute = 'uint64, int, void*, uint64';
const parameters: Readonly<Record<keyof CublasLt, string>> = {
  cublasLtCreate: made,
  cublasLtDestroy: 'uint64',
  cublasLtMatmulDescCreate: `${made}, int, int`,
  cublasLtMatmulDescDestroy: 'uint64',
  cublasLtMatmulDescSetAttribute: attribute,
  cublasLtMatrixLayoutCreate: `${made}, int, uint64, uint64, int64`,
  cublasLtMatrixLayoutDestroy: 'uint64',
  cublasLtMatmulPreferenceCreate: made,
  cublasLtMatmulPreferenceDestroy: 'uint64',
  cublasLtMatmulPreferenceSetAttribute: attribute,
  cublasLtMatmulAlgoGetHeuristic: 'uint64, uint64, uint64, uint64, uint64, uint64, uint64, int, void*, _Out_ int*',
  cublasLtMatmul:
    'uint64, uint64, void*, uint64, uint64, uint64, uint64, void*, uint64, uint64, uint64, uint64, void*, uint64, uint64, uint64',
  cublasLtGetVersion: '',
};

/** Loads the cuBLASLt that lies beside a library of cuBLAS, which needs it itself; undefined where none does. Nothing is started. */
export function loadCublasLt(cublas: string): CublasLt | undefined {
  const path = ltBeside(cublas);
  return path === undefined ? undefined : firstLoaded([path], bound);
}

/** The name of the cuBLASLt of a library of cuBLAS: that of its release, in its folder; undefined where the name is another one. */
export function ltBeside(cublas: string): string | undefined {
  const path = cublas.replace(/cublas(?=64_\d+\.dll$|\.so(\.\d+)*$)/, 'cublasLt');
  return path === cublas ? undefined : path;
}

/** Loads a cuBLASLt for the cuBLAS beside it, which looks for it with the dynamic loader. */
export function loadForCublas(cublas: string): void {
  const path = ltBeside(cublas);
  if (path !== undefined && existsSync(path)) koffi.load(path);
}

function bound(path: string): CublasLt {
  const library = koffi.load(path);
  const functions = Object.entries(parameters).map(([name, list]) => [
    name,
    library.func(`${name === 'cublasLtGetVersion' ? 'uint64' : 'int'} ${name}(${list})`) as unknown,
  ]);
  return Object.fromEntries(functions) as CublasLt;
}
