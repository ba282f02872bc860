import type { Address, Handle } from '../driver/driver.js';
import type { Rounding } from '../internal/rounding.js';
import type { CudaRuntime } from '../internal/runtime.js';
import { environmentBlas, libraryAt, loadCublas, type BlasOptions, type Cublas } from '../node/cublas.js';
import { LtUse } from './lt/use-lt.js';

/** Bytes that cuBLAS may use meanwhile; given to it, so that it takes none itself and recorded steps stay whole. */
const WORKSPACE = 32 * 2 ** 20;
const TF32 = 3;

/** What cuBLAS calls float32, products of float32 numbers that are rounded, and the algorithm that it likes best. */
const FLOAT32 = 0;
const COMPUTE: Readonly<Record<'bf16' | 'f16', number>> = { bf16: 75, f16: 74 };
const ANY_ALGORITHM = -1;

/** A product has to have so many multiplications: below, a launch of an own kernel that finishes its sums too is faster. */
const LEAST = 2 ** 20;

const one = Float32Array.of(1);
const none = Float32Array.of(0);

class Blas {
  /** What lies beside it, for products that are finished too, and whether it is wanted. */
  readonly lt: LtUse;
  usesLt = true;
  readonly #cublas: Cublas;
  readonly #handle: Handle;

  constructor(cublas: Cublas, handle: Handle, lt: LtUse) {
    this.#cublas = cublas;
    this.#handle = handle;
    this.lt = lt;
  }

  dispose(): void {
    this.lt.dispose();
    this.#cublas.cublasDestroy_v2(this.#handle);
  }

  /** Whether products may be of rounded numbers. */
  chooses(tf32: boolean): boolean {
    return this.#cublas.cublasSetMathMode(this.#handle, tf32 ? TF32 : 0) === 0;
  }

  /** Rows are columns to cuBLAS: it is given the operands the other way round. */
  multiply(
    at: Operands,
    [m, n, k]: readonly [number, number, number],
    [transposeA, transposeB]: readonly [boolean, boolean],
    [count, aStep, bStep]: readonly [number, number, number],
    rounding: Rounding,
  ): boolean {
    const [opA, opB] = [Number(transposeA), Number(transposeB)];
    const [aRow, bRow] = [transposeA ? m : k, transposeB ? k : n];
    if (rounding === 'bf16' || rounding === 'f16') {
      const status = this.#cublas.cublasGemmStridedBatchedEx(
        this.#handle,
        ...[opB, opA],
        ...[n, m, k],
        one,
        ...[at.b, FLOAT32, bRow, bStep],
        ...[at.a, FLOAT32, aRow, aStep],
        none,
        ...[at.c, FLOAT32, n, m * n],
        count,
        COMPUTE[rounding],
        ANY_ALGORITHM,
      );
      return status === 0;
    }
    const error = this.#cublas.cublasSgemmStridedBatched(
      this.#handle,
      ...[opB, opA],
      ...[n, m, k],
      one,
      ...[at.b, bRow, bStep],
      ...[at.a, aRow, aStep],
      none,
      ...[at.c, n, m * n],
      count,
    );
    return error === 0;
  }
}

/** What was started once stays: each start takes memory and time. */
const opened = new WeakMap<CudaRuntime, Map<string, Blas | undefined>>();
const found = new WeakMap<CudaRuntime, Blas | 'none'>();

/** Uses cuBLAS as the options say from now on, and says whether it does. */
export function useBlas(runtime: CudaRuntime, options: BlasOptions = {}): boolean {
  const { library, tf32 = false, lt = true } = { ...environmentBlas(), ...options };
  runtime.roundings.mayBeTf32 = tf32;
  let blas = library === false ? undefined : opening(runtime, library === undefined ? undefined : libraryAt(library));
  if (blas?.chooses(tf32) === false) blas = undefined;
  if (blas !== undefined) {
    blas.usesLt = lt;
    blas.lt.forgive();
  }
  found.set(runtime, blas ?? 'none');
  return blas !== undefined;
}

/** What became of the cuBLASLt beside it, for people; undefined where it is not wanted, and before a product needed it. */
export function aboutLt(runtime: CudaRuntime): string | undefined {
  return ltOf(found.get(runtime))?.about;
}

/** Starts cuBLASLt and checks it now, where cuBLAS is used. */
export function examineLt(runtime: CudaRuntime): void {
  ltOf(found.get(runtime))?.examine();
}

function ltOf(blas: Blas | 'none' | undefined): LtUse | undefined {
  return blas === undefined || blas === 'none' || !blas.usesLt ? undefined : blas.lt;
}

/** Where the operands of a product and its result lie. */
interface Operands {
  readonly a: Address;
  readonly b: Address;
  readonly c: Address;
}

/** c = a b by cuBLAS. False where that is not at hand or not worth while: nothing is written then. */
export function multiplyByBlas(
  runtime: CudaRuntime,
  at: Operands,
  sizes: readonly [number, number, number],
  transpose: readonly [boolean, boolean],
  batch: readonly [number, number, number],
): boolean {
  const multiplications = sizes[0] * sizes[1] * sizes[2] * batch[0];
  const blas = atHand(runtime, multiplications);
  if (!blas?.multiply(at, sizes, transpose, batch, runtime.roundings.of(multiplications))) return false;
  runtime.launches++;
  return true;
}

/** c = finished(a b) by cuBLASLt, in one launch. False where that is not at hand, cannot do it or is not worth while: what was written then means nothing. */
export function multiplyByLt(
  runtime: CudaRuntime,
  at: Operands,
  sizes: readonly [number, number, number],
  transpose: readonly [boolean, boolean],
  finish: { readonly bias: Address; readonly activation: number },
): boolean {
  if (finish.bias === 0 && finish.activation === 0) return false;
  const multiplications = sizes[0] * sizes[1] * sizes[2];
  const lt = ltOf(atHand(runtime, multiplications));
  const rounding = runtime.roundings.of(multiplications);
  return lt?.multiply({ sizes, transpose, rounding }, { ...at, bias: finish.bias }, finish) ?? false;
}

/** cuBLAS for a product of so many multiplications, started as it is allowed to. */
function atHand(runtime: CudaRuntime, multiplications: number): Blas | undefined {
  if (multiplications < LEAST) return undefined;
  let blas = found.get(runtime);
  if (blas === undefined) {
    // A library is not looked for while a step is being recorded: starting it does what a recording forbids.
    if (runtime.capturing) return undefined;
    useBlas(runtime, runtime.blas);
    blas = found.get(runtime)!;
  }
  return blas === 'none' ? undefined : blas;
}

function opening(runtime: CudaRuntime, library: string | undefined): Blas | undefined {
  let known = opened.get(runtime);
  if (known === undefined) opened.set(runtime, (known = new Map()));
  const key = library ?? '';
  if (!known.has(key)) known.set(key, started(runtime, library));
  return known.get(key);
}

function started(runtime: CudaRuntime, library: string | undefined): Blas | undefined {
  // The emulated device has no cuBLAS but one that a test names.
  if (library === undefined && runtime.device.name.startsWith('CPU emulation')) return undefined;
  const cublas = loadCublas(library);
  const handle: [Handle] = [0];
  if (cublas === undefined || cublas.cublasCreate_v2(handle) !== 0) return undefined;
  const blas = Number(handle[0]);
  // Where there is too little left for it: own kernels need none.
  const workspace = runtime.mainPool.allocateIfThere(WORKSPACE);
  if (workspace !== undefined) {
    // A stream that is set takes the workspace away again: this order.
    const error =
      cublas.cublasSetStream_v2(blas, runtime.stream) ||
      cublas.cublasSetWorkspace_v2(blas, workspace.address, WORKSPACE);
    if (error === 0) {
      // The same workspace: they work one after the other on one stream, and neither expects to find anything in it.
      const made = new Blas(cublas, blas, new LtUse(runtime, cublas.path, workspace));
      runtime.atEnd(() => made.dispose());
      return made;
    }
    workspace.pool.release(workspace);
  }
  cublas.cublasDestroy_v2(blas);
  return undefined;
}
