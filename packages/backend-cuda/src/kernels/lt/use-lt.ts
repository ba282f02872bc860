import type { Rounding } from '../../internal/rounding.js';
import type { CudaRuntime } from '../../internal/runtime.js';
import type { Block } from '../../memory/pool.js';
import { loadCublasLt } from '../../node/cublas-lt.js';
import { faultOf } from './check.js';
import { Lt } from './lt.js';
import { LtFailure, type LtAddresses, type LtProduct } from './plan.js';

/** Sides of less or more are left to cuBLAS: a product with a vector is not what epilogues are made for, and older releases have no epilogue for so many rows. */
const [LEAST_SIDE, MOST_SIDE] = [2, 2 ** 21 - 33];

/** What is done to the sums of a product; `activation` as in `Finish`. */
interface Finishing {
  readonly bias: number;
  readonly activation: number;
}

/** The epilogue that finishes sums so. Other activations than relu need a launch of their own in any case, which adds the bias too. */
function epilogueOf({ bias, activation }: Finishing): LtProduct['epilogue'] | undefined {
  if (activation === 0) return bias === 0 ? undefined : 'bias';
  return activation !== 1 ? undefined : bias === 0 ? 'relu' : 'reluBias';
}

/** The cuBLASLt beside a cuBLAS on a device, started and checked when a product needs it, and given up for good where it fails. */
export class LtUse {
  readonly #runtime: CudaRuntime;
  readonly #cublas: string;
  readonly #workspace: Block;
  /** What runs, or why it does not; undefined before it was needed. */
  #now: Lt | string | undefined;
  readonly #checked = new Set<Rounding>();

  /** `cublas`: what cuBLAS was loaded by; `workspace`: what was given to it. */
  constructor(runtime: CudaRuntime, cublas: string, workspace: Block) {
    this.#runtime = runtime;
    this.#cublas = cublas;
    this.#workspace = workspace;
  }

  /** What became of it, for people; undefined before a product needed it. */
  get about(): string | undefined {
    const now = this.#now;
    if (now === undefined) return undefined;
    if (typeof now === 'string') return `no cuBLASLt: ${now}`;
    return `cuBLASLt ${now.version}${now.keepsNaN ? '' : ', without its relu, which loses NaN'}`;
  }

  /** Starts and checks it now, for who wants to know before a product needs it. */
  examine(): void {
    this.#atWork(this.#runtime.roundings.of(Infinity));
  }

  /** c = finished(a b). False where it is not at hand or cannot do it: what was written then means nothing. */
  multiply(product: Omit<LtProduct, 'epilogue'>, at: LtAddresses, finishing: Finishing): boolean {
    const epilogue = epilogueOf(finishing);
    if (epilogue === undefined || product.sizes.some((side) => side < LEAST_SIDE || side > MOST_SIDE)) return false;
    const lt = this.#atWork(product.rounding);
    if (lt === undefined || (epilogue !== 'bias' && !lt.keepsNaN)) return false;
    try {
      return lt.multiply({ ...product, epilogue }, at);
    } catch (error) {
      this.#giveUp(error);
      return false;
    }
  }

  /** Lets what was given up be tried once more. */
  forgive(): void {
    if (typeof this.#now === 'string') this.#now = undefined;
  }

  dispose(): void {
    if (this.#now instanceof Lt) this.#now.dispose();
    this.#now = undefined;
    this.#checked.clear();
  }

  /** It, started and checked; undefined where it is not to be used. */
  #atWork(rounding: Rounding): Lt | undefined {
    if (typeof this.#now === 'string') return undefined;
    if (this.#now === undefined || !this.#checked.has(rounding)) {
      // It is neither started nor checked while a step is being recorded: both do what a recording forbids.
      if (this.#runtime.capturing || this.#runtime.isBroken) return undefined;
      try {
        this.#now ??= this.#started();
        if (typeof this.#now === 'string') return undefined;
        this.#checked.add(rounding);
        const fault = faultOf(this.#runtime, this.#now, rounding);
        if (fault !== undefined) this.#stop(fault);
      } catch (error) {
        this.#giveUp(error);
      }
    }
    return this.#now instanceof Lt ? this.#now : undefined;
  }

  #started(): Lt | string {
    const library = loadCublasLt(this.#cublas);
    if (library === undefined) return 'it does not lie beside cuBLAS';
    return new Lt(this.#runtime, library, this.#workspace);
  }

  /** An error that is not cuBLASLt's is passed on. */
  #giveUp(error: unknown): void {
    if (!(error instanceof LtFailure)) throw error;
    this.#stop(error.message);
  }

  #stop(reason: string): void {
    this.dispose();
    this.#now = reason;
  }
}
