import type { Handle } from '../../driver/driver.js';
import type { CudaRuntime } from '../../internal/runtime.js';
import type { CublasLt } from '../../node/cublas-lt.js';
import type { Block } from '../../memory/pool.js';
import { alignmentOf, checkLt, LtFailure, LtPlan, type LtAddresses, type LtProduct } from './plan.js';

/** So many products are remembered; what was not asked for the longest is forgotten first. */
const MOST_PLANS = 256;

/** cuBLASLt at work on one device: products that are finished in the same launch. */
export class Lt {
  /** Its release, as 13.10.0. */
  readonly version: string;
  /** Whether its relu leaves NaN what it is; learnt by a check. */
  keepsNaN = true;
  readonly #runtime: CudaRuntime;
  readonly #lt: CublasLt;
  readonly #handle: Handle;
  readonly #workspace: Block;
  /** The last one asked for is the last one. */
  readonly #plans = new Map<string, LtPlan | 'unsupported'>();

  /**
   * The workspace may be cuBLAS' own: both work on one stream, one after the other, and neither expects to find anything in it. Throws `LtFailure` where it cannot be
   * started.
   */
  constructor(runtime: CudaRuntime, lt: CublasLt, workspace: Block) {
    this.#runtime = runtime;
    this.#lt = lt;
    this.#workspace = workspace;
    this.version = releaseOf(Number(lt.cublasLtGetVersion()));
    const handle: [Handle] = [0];
    checkLt('cublasLtCreate', lt.cublasLtCreate(handle));
    this.#handle = Number(handle[0]);
  }

  /**
   * One product. False where it cannot do that one. What it is asked for first is asked of cuBLASLt once; nothing is done on the device for that, so that a recording may
   * ask too. Throws `LtFailure` for any other failure; what was written then means nothing.
   */
  multiply(product: LtProduct, at: LtAddresses): boolean {
    const key = keyOf(product, at);
    const plan = this.#planned(key, product, at);
    if (plan === 'unsupported') return false;
    try {
      plan.run(at, this.#workspace, this.#runtime.stream);
    } catch (error) {
      if (!(error instanceof LtFailure) || !error.isUnsupported) throw error;
      plan.dispose();
      this.#plans.set(key, 'unsupported');
      return false;
    }
    this.#runtime.launches++;
    return true;
  }

  dispose(): void {
    for (const plan of this.#plans.values()) if (plan !== 'unsupported') plan.dispose();
    this.#plans.clear();
    this.#lt.cublasLtDestroy(this.#handle);
  }

  #planned(key: string, product: LtProduct, at: LtAddresses): LtPlan | 'unsupported' {
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      if (this.#plans.size >= MOST_PLANS) this.#forgetOldest();
      try {
        plan = new LtPlan(this.#lt, this.#handle, product, at, this.#workspace.bytes);
      } catch (error) {
        if (!(error instanceof LtFailure) || !error.isUnsupported) throw error;
        plan = 'unsupported';
      }
    }
    this.#plans.delete(key);
    this.#plans.set(key, plan);
    return plan;
  }

  /** What was recorded of it stays: a graph holds the launch, not what described it. */
  #forgetOldest(): void {
    const [key, plan] = this.#plans.entries().next().value!;
    if (plan !== 'unsupported') plan.dispose();
    this.#plans.delete(key);
  }
}

function keyOf({ sizes, transpose, rounding, epilogue }: LtProduct, { a, b, c, bias }: LtAddresses): string {
  return [...sizes, ...transpose.map(Number), rounding, epilogue, ...[a, b, c, bias].map(alignmentOf)].join();
}

/** 131000 is 13.10.0. The first releases of 11 count thousands: 11605 is 11.6.5. */
function releaseOf(version: number): string {
  const [major, rest] = version < 100_000 ? [11, version - 11_000] : [Math.floor(version / 10_000), version % 10_000];
  return [major, Math.floor(rest / 100), rest % 100].join('.');
}
