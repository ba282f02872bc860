import { compileWide } from '#wide';
import { compileVariant } from './binaries/compile.js';
import type { Variant } from './binaries/variants.js';
import { Heap, type Blocks } from './heap.js';
import { startPool } from './pool/pool.js';
import type { Pool } from './pool/pool.js';
import { Recorder } from './recorder.js';
import { joinWide } from './wide/join-wide.js';
import type { WideModule } from './wide/wide-module.js';
import type { WasmExports } from './wasm-exports.js';

/** Pages at the start: 16 MiB. */
const INITIAL_PAGES = 256;
/** 4 GiB. */
const MAXIMUM_PAGES = 65_536;

/** One instance of a binary with its memory and heap. */
export class Runtime {
  readonly variant: Variant;
  readonly memory: WebAssembly.Memory;
  readonly heap: Heap;
  readonly pool: Pool;
  /** The module of wide functions or why there is none, where it was asked for. */
  readonly wide: WideModule | undefined;
  /** What ends each recording that there is: they keep memory that tensors may need more. */
  readonly recordings: Set<() => void> = new Set();
  readonly #exports: WasmExports;
  #recorder: Recorder | undefined;
  #words: Int32Array = new Int32Array();
  #floats: Float32Array = new Float32Array();

  constructor(
    variant: Variant,
    memory: WebAssembly.Memory,
    exports: WasmExports,
    pool: Pool,
    limit?: number,
    wide?: WideModule,
  ) {
    this.variant = variant;
    this.memory = memory;
    this.heap = new Heap(memory, limit);
    this.pool = pool;
    this.wide = wide;
    this.#exports = exports;
    this.heap.relief = () => {
      const all = [...this.recordings];
      for (const end of all) end();
      return all.length > 0;
    };
  }

  /** What the kernels call. To be asked for in each call: what is called is written down while a step is recorded. */
  get wasm(): WasmExports {
    return this.#recorder?.wasm ?? this.#exports;
  }

  /** What records the step that runs now. */
  get recorder(): Recorder | undefined {
    return this.#recorder;
  }

  /** Where tensors come from. */
  get blocks(): Blocks {
    return this.#recorder?.arena ?? this.heap;
  }

  /** The memory as int32; the view is another one after the memory grew. */
  get words(): Int32Array {
    if (this.#words.buffer !== this.memory.buffer) this.#words = new Int32Array(this.memory.buffer);
    return this.#words;
  }

  /** The memory as float32, likewise. */
  get floats(): Float32Array {
    if (this.#floats.buffer !== this.memory.buffer) this.#floats = new Float32Array(this.memory.buffer);
    return this.#floats;
  }

  /** Writes whole numbers to an address: what a kernel reads beside its arguments. */
  write(address: number, values: ArrayLike<number>): void {
    this.aside(() => this.words.set(values, address >>> 2));
  }

  /**
   * Does what depends on numbers in the memory: it is done again as a whole where a recorded step is. So it takes addresses, asks for `wasm` and views itself, and
   * neither allocates nor reads tensors.
   */
  aside(work: () => void): void {
    if (this.#recorder === undefined) work();
    else this.#recorder.aside(work);
  }

  /** Runs something and writes down what the kernels do meanwhile. */
  record(work: () => void): Recorder {
    const recorder = new Recorder(this.#exports, this.memory, this.heap);
    this.#recorder = recorder;
    try {
      work();
      return recorder;
    } catch (error) {
      recorder.dispose();
      throw error;
    } finally {
      this.#recorder = undefined;
    }
  }
}

/**
 * Compiles and starts a binary with so many threads. `limit`: the most bytes its memory may measure. `whyAlone`: why there is one thread where the binary has
 * no more and more were asked for. `wide`: whether to compute with vectors of 256 bits where that works.
 */
export async function startRuntime(
  variant: Variant,
  threads = 1,
  limit?: number,
  whyAlone = `the binary ${variant.name} has no threads`,
  wide = false,
): Promise<Runtime> {
  const [module, wideModule] = await Promise.all([compileVariant(variant), wide ? compileWide(variant) : undefined]);
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared: variant.threads });
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  const wasm = instance.exports as unknown as WasmExports;
  wasm.writeConstants();
  const alone: Pool = { threads: 1, stop: () => {}, ...(threads > 1 ? { reason: whyAlone } : {}) };
  const pool =
    variant.threads && threads > 1 ? await startPool(module, memory, threads, undefined, wideModule?.module) : alone;
  if (wideModule?.module !== undefined) wasm.setWide(joinWide(instance.exports, wideModule.module, memory));
  return new Runtime(variant, memory, wasm, pool, limit, wideModule);
}
