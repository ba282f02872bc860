import type { BackendPlugin } from './backend-plugin.js';
import { cpuBackend } from './cpu/cpu-backend.js';
import { wasmBackend } from './wasm/wasm-backend.js';

/** The backends that are tried where none is named, fastest first: wasm, cpu. */
export function defaultPlugins(): readonly BackendPlugin[] {
  return [wasmBackend(), cpuBackend()];
}
