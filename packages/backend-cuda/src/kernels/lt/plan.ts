import type { Address, Handle } from '../../driver/driver.js';
import type { Rounding } from '../../internal/rounding.js';
import type { Block } from '../../memory/pool.js';
import type { CublasLt } from '../../node/cublas-lt.js';

/** A product and its finish, as cuBLASLt is asked for it. */
export interface LtProduct {
  readonly sizes: readonly [m: number, n: number, k: number];
  readonly transpose: readonly [a: boolean, b: boolean];
  readonly rounding: Rounding;
  /** A bias alone, relu alone, or relu of a bias. */
  readonly epilogue: 'bias' | 'relu' | 'reluBias';
}

/** Where the operands of a product lie; `bias` 0 for none. */
export interface LtAddresses {
  readonly a: Address;
  readonly b: Address;
  readonly c: Address;
  readonly bias: Address;
}

/** As cuBLASLt numbers them: numbers of 32 bits, sums in float32 of numbers that are rounded so, and what is done to them. */
const FLOAT32 = 0;
const COMPUTE: Readonly<Record<Rounding, number>> = { none: 68, tf32: 77, bf16: 75, f16: 74 };
const EPILOGUE: Readonly<Record<LtProduct['epilogue'], number>> = { relu: 2, bias: 4, reluBias: 6 };

/** Attributes of a product, and of what an algorithm may need. */
const PRODUCT = { transposeA: 3, transposeB: 4, epilogue: 7, bias: 8 } as const;
const PREFERENCE = { workspace: 1, alignments: [5, 6, 7, 8] } as const;

/** An answer to what is asked (`cublasLtMatmulHeuristicResult_t`): its bytes, those of them that are the algorithm, and where its other parts begin. */
const ANSWER = { bytes: 96, algorithm: 64, workspace: 64, status: 72 } as const;

/** No algorithm reads more at once than memory of the pool is aligned to. */
const MOST_ALIGNED = 256;

const one = Float32Array.of(1);
const none = Float32Array.of(0);

/** A call of cuBLASLt that failed. `isUnsupported`: only this product cannot be had. */
export class LtFailure extends Error {
  readonly isUnsupported: boolean;

  constructor(call: string, status: number) {
    super(`${call} gave status ${status}`);
    // 8: not on this device; 15: not at all.
    this.isUnsupported = status === 8 || status === 15;
  }
}

/** Throws `LtFailure` where a call did not give 0. */
export function checkLt(call: keyof CublasLt, status: number): void {
  if (status !== 0) throw new LtFailure(call, status);
}

/** The bytes that an address is a multiple of. */
export function alignmentOf(address: Address): number {
  for (let bytes = MOST_ALIGNED; bytes > 4; bytes /= 2) if (address % bytes === 0) return bytes;
  return 4;
}

/** One finished product, ready to be run: what describes it to cuBLASLt, and the algorithm. */
export class LtPlan {
  readonly #lt: CublasLt;
  readonly #handle: Handle;
  readonly #made: (() => number)[] = [];
  readonly #product: Handle;
  readonly #layouts: readonly [a: Handle, b: Handle, c: Handle];
  readonly #algorithm: Uint8Array;
  #bias: Address = 0;

  /** An algorithm for operands that are aligned as these are, which needs no more than so many bytes meanwhile. Throws `LtFailure` where a call fails, or there is none. */
  constructor(lt: CublasLt, handle: Handle, product: LtProduct, at: LtAddresses, workspaceBytes: number) {
    this.#lt = lt;
    this.#handle = handle;
    const [m, n, k] = product.sizes;
    const [transposeA, transposeB] = product.transpose;
    try {
      this.#product = this.#describe('MatmulDesc', COMPUTE[product.rounding], FLOAT32);
      // Rows are columns to it: it is given the operands the other way round. Its rows are our columns, along which the bias lies.
      this.#set(PRODUCT.transposeA, Int32Array.of(Number(transposeB)));
      this.#set(PRODUCT.transposeB, Int32Array.of(Number(transposeA)));
      this.#set(PRODUCT.epilogue, Int32Array.of(EPILOGUE[product.epilogue]));
      this.#point(at.bias);
      const matrix = (rows: number, columns: number): Handle =>
        this.#describe('MatrixLayout', FLOAT32, rows, columns, rows);
      const b = transposeB ? matrix(k, n) : matrix(n, k);
      const a = transposeA ? matrix(m, k) : matrix(k, m);
      this.#layouts = [b, a, matrix(n, m)];
      this.#algorithm = this.#choose(at, workspaceBytes);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Throws `LtFailure`. */
  run(at: LtAddresses, workspace: Block, stream: Handle): void {
    this.#point(at.bias);
    const [b, a, c] = this.#layouts;
    const status = this.#lt.cublasLtMatmul(
      ...([this.#handle, this.#product, one] as const),
      ...([at.b, b, at.a, a, none, at.c, c, at.c, c] as const),
      ...([this.#algorithm, workspace.address, workspace.bytes, stream] as const),
    );
    checkLt('cublasLtMatmul', status);
  }

  dispose(): void {
    for (const undo of this.#made.splice(0)) undo();
  }

  #describe(what: 'MatmulDesc' | 'MatrixLayout' | 'MatmulPreference', ...values: number[]): Handle {
    const made: [Handle] = [0];
    const create = this.#lt[`cublasLt${what}Create`] as (to: [Handle], ...all: number[]) => number;
    checkLt(`cublasLt${what}Create`, create(made, ...values));
    const handle = Number(made[0]);
    this.#made.push(() => this.#lt[`cublasLt${what}Destroy`](handle));
    return handle;
  }

  #set(attribute: number, value: Int32Array | BigUint64Array): void {
    const status = this.#lt.cublasLtMatmulDescSetAttribute(this.#product, attribute, value, value.byteLength);
    checkLt('cublasLtMatmulDescSetAttribute', status);
  }

  #point(bias: Address): void {
    if (bias === this.#bias) return;
    this.#set(PRODUCT.bias, BigUint64Array.of(BigInt(bias)));
    this.#bias = bias;
  }

  /** The algorithm that cuBLASLt expects to be fastest. It looks at the device's properties and does nothing there. */
  #choose(at: LtAddresses, workspaceBytes: number): Uint8Array {
    const preference = this.#describe('MatmulPreference');
    try {
      return this.#asked(preference, at, workspaceBytes);
    } finally {
      // The last one made, and of no more use.
      this.#made.pop()!();
    }
  }

  #asked(preference: Handle, at: LtAddresses, workspaceBytes: number): Uint8Array {
    const prefer = (attribute: number, value: Int32Array | BigUint64Array): void => {
      const call = 'cublasLtMatmulPreferenceSetAttribute';
      checkLt(call, this.#lt[call](preference, attribute, value, value.byteLength));
    };
    prefer(PREFERENCE.workspace, BigUint64Array.of(BigInt(workspaceBytes)));
    for (const [index, address] of [at.b, at.a, at.c, at.c].entries())
      prefer(PREFERENCE.alignments[index]!, Int32Array.of(alignmentOf(address)));
    const [b, a, c] = this.#layouts;
    const count: [number] = [0];
    const found = new Uint8Array(ANSWER.bytes);
    const call = 'cublasLtMatmulAlgoGetHeuristic';
    checkLt(call, this.#lt[call](this.#handle, this.#product, b, a, c, c, preference, 1, found, count));
    const view = new DataView(found.buffer);
    checkLt(call, count[0] === 0 ? 15 : view.getInt32(ANSWER.status, true));
    if (view.getBigUint64(ANSWER.workspace, true) > BigInt(workspaceBytes)) throw new LtFailure(call, 15);
    return found.slice(0, ANSWER.algorithm);
  }
}
