import {
  doctor as examine,
  type BackendChoice,
  type BackendPlugin,
  type DoctorReport,
  type UseBackendOptions,
} from '@gradstream/backends';
import { tensorflowBackend, webgpuBackend } from '@gradstream/backends/node';
import { chooseAmong } from '../choose-among.js';
import { backendPlugins as anywhere } from '../use-backend.js';
import { cudaPlugin } from './cuda-plugin.js';

/** The backends that are tried where none is named, fastest first: cuda, tensorflow, webgpu, wasm-simd, wasm, cpu. */
export function backendPlugins(): readonly BackendPlugin[] {
  // In Node.js WebGPU is a package of its own.
  const rest = anywhere().filter(({ name }) => name !== 'webgpu');
  return [cudaPlugin(), tensorflowBackend(), webgpuBackend(), ...rest];
}

/** Makes the best backend active that works here, or the one that is named; says why the others were not taken. As `useBackend` of @gradstream/backends, with cuda, tensorflow, webgpu and wasm-simd. */
export function useBackend(choice: string | UseBackendOptions = {}): Promise<BackendChoice> {
  return chooseAmong(backendPlugins(), choice);
}

/** What this machine can train on. As `doctor` of @gradstream/backends, with cuda, tensorflow, webgpu and wasm-simd. */
export function doctor(plugins: readonly BackendPlugin[] = backendPlugins()): Promise<DoctorReport> {
  return examine(plugins);
}
