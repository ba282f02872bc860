import { wasmSimdBackend } from '@gradstream/backend-wasm';
import {
  defaultPlugins,
  doctor as examine,
  webgpuBackend,
  type BackendChoice,
  type BackendPlugin,
  type DoctorReport,
  type UseBackendOptions,
} from '@gradstream/backends';
import { chooseAmong } from './choose-among.js';

/** The backends that are tried where none is named, fastest first: webgpu, wasm-simd, wasm, cpu. */
export function backendPlugins(): readonly BackendPlugin[] {
  return [webgpuBackend(), wasmSimdBackend(), ...defaultPlugins()];
}

/** Makes the best backend active that works here, or the one that is named; says why the others were not taken. As `useBackend` of @gradstream/backends, with webgpu and wasm-simd. */
export function useBackend(choice: string | UseBackendOptions = {}): Promise<BackendChoice> {
  return chooseAmong(backendPlugins(), choice);
}

/** What this machine can train on. As `doctor` of @gradstream/backends, with webgpu and wasm-simd. */
export function doctor(plugins: readonly BackendPlugin[] = backendPlugins()): Promise<DoctorReport> {
  return examine(plugins);
}
