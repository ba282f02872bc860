import { compileVariant } from './binaries/compile.js';
import type { Variant } from './binaries/variants.js';
import { Heap } from './heap.js';
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
  readonly module: WebAssembly.Module;
}

/** Compiles and starts a binary. `limit`: the most bytes its memory may measure. */
export async function startRuntime(variant: Variant, limit?: number): Promise<Runtime> {
  const module = await compileVariant(variant);
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared: variant.threads });
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  return { variant, module, memory, heap: new Heap(memory, limit), wasm: instance.exports as unknown as WasmExports };
}
