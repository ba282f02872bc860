import { compileVariant } from './binaries/compile.js';
import type { Variant } from './binaries/variants.js';
import { Heap } from './heap.js';
import { startPool } from './pool/pool.js';
import type { Pool } from './pool/pool.js';
import type { WasmExports } from './wasm-exports.js';

/** Pages at the start: 16 MiB. */
const INITIAL_PAGES = 256;
/** 4 GiB. */
const MAXIMUM_PAGES = 65_536;

/** One instance of a binary with its memory and heap. */
export interface Runtime {
  readonly variant: Variant;
  readonly memory: WebAssembly.Memory;
  readonly heap: Heap;
  readonly wasm: WasmExports;
  readonly pool: Pool;
}

/**
 * Compiles and starts a binary with so many threads. `limit`: the most bytes its memory may measure. `whyAlone`: why there is one thread where the binary has
 * no more and more were asked for.
 */
export async function startRuntime(
  variant: Variant,
  threads = 1,
  limit?: number,
  whyAlone = `the binary ${variant.name} has no threads`,
): Promise<Runtime> {
  const module = await compileVariant(variant);
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared: variant.threads });
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  const wasm = instance.exports as unknown as WasmExports;
  wasm.writeConstants();
  const alone: Pool = { threads: 1, stop: () => {}, ...(threads > 1 ? { reason: whyAlone } : {}) };
  const pool = variant.threads && threads > 1 ? await startPool(module, memory, threads) : alone;
  return { variant, pool, memory, heap: new Heap(memory, limit), wasm };
}
