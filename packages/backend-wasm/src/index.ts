// The public names of @gradstream/backend-wasm: names only, one export a line.
export { wasmSimdBackend } from './wasm-simd.js';
export type { WasmSimdOptions, WasmSimdPlugin, WasmSimdProbe } from './wasm-simd.js';
export { WasmSimdBackend } from './wasm-simd-backend.js';
export type { WasmMemory } from './wasm-simd-backend.js';
