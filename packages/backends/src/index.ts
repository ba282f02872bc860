// The public names of @gradstream/backends: names only, one export a line.
export type { BackendFallbacks, BackendPlugin, BackendProbe } from './backend-plugin.js';
export { cpuBackend } from './cpu/cpu-backend.js';
export { fallbackCounts } from './cpu/cpu-fallback.js';
export { defaultPlugins } from './default-plugins.js';
export { doctor, type BackendFinding, type DoctorReport } from './doctor.js';
export { formatDoctor, type FormatDoctorOptions } from './format-doctor.js';
export type { HostFacts } from './internal/host-facts.js';
export type { Rejection } from './internal/try-plugin.js';
export { memoryReport, type MemoryReport } from './memory-report.js';
export { useBackend, type BackendChoice, type UseBackendOptions } from './use-backend.js';
export { wasmBackend, type WasmBackendOptions } from './wasm/wasm-backend.js';
export { webgpuBackend, type WebgpuBackendOptions } from './webgpu/webgpu-backend.js';
