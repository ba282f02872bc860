import { wasmSimdBackend } from '@gradstream/backend-wasm';
import {
  defaultPlugins,
  doctor as examine,
  useBackend as choose,
  webgpuBackend,
  type BackendChoice,
  type BackendPlugin,
  type DoctorReport,
  type UseBackendOptions,
} from '@gradstream/backends';

/** The backends that are tried where none is named, fastest first: webgpu, wasm-simd, wasm, cpu. */
export function backendPlugins(): readonly BackendPlugin[] {
  return [webgpuBackend(), wasmSimdBackend(), ...defaultPlugins()];
}

/** Makes the best backend active that works here, or the one that is named; says why the others were not taken. As `useBackend` of @gradstream/backends, with webgpu and wasm-simd. */
export function useBackend(choice: string | UseBackendOptions = {}): Promise<BackendChoice> {
  const options = typeof choice === 'string' ? { backend: choice } : choice;
  return choose({ plugins: backendPlugins(), ...options });
}

/** What this machine can train on. As `doctor` of @gradstream/backends, with webgpu and wasm-simd. */
export function doctor(plugins: readonly BackendPlugin[] = backendPlugins()): Promise<DoctorReport> {
  return examine(plugins);
}
