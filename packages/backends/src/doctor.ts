import { getKernelsForBackend, version_core } from '@tensorflow/tfjs-core';
import type { BackendPlugin } from './backend-plugin.js';
import { standIn } from './cpu/cpu-fallback.js';
import { defaultPlugins } from './default-plugins.js';
import { activeBackend, restoreBackend } from './internal/active-backend.js';
import { checkPlugins } from './internal/check-plugins.js';
import { environmentBackend } from './internal/environment.js';
import { hostFacts, type HostFacts } from './internal/host-facts.js';
import { oneAtATime } from './internal/one-at-a-time.js';
import { optionalPackage } from './internal/optional-package.js';
import { tryPlugin } from './internal/try-plugin.js';

/** What the doctor found out about a backend. */
export type BackendFinding = {
  readonly name: string;
  /** Number of kernels that it has itself. */
  readonly kernels: number;
  /** Their names. */
  readonly ownKernels: readonly string[];
  /** Kernels beside these that the cpu backend serves for it. */
  readonly fallbackKernels: readonly string[];
  /** How often the cpu backend has served a kernel since the backend's start, its own ones for inputs that they do not cover included; only what was served. */
  readonly fallbackCalls: Readonly<Record<string, number>>;
  /** Kernels that the cpu backend would serve for it, if that package were installed. */
  readonly missingKernels: readonly string[];
} & (
  | { readonly available: true; readonly detail: string }
  | { readonly available: false; readonly reason: string; readonly remedy: string }
);

/** What there is to know of this host and its backends: plain data. */
export interface DoctorReport {
  readonly host: HostFacts;
  /** Versions of the TensorFlow.js packages; null for one that is not installed. */
  readonly packages: Readonly<Record<string, string | null>>;
  readonly backends: readonly BackendFinding[];
  /** What `useBackend()` would take now; null: nothing, or a name in the environment that does not work. */
  readonly chosen: string | null;
  /** The name that `GRADSTREAM_BACKEND` gives; null where it gives none. */
  readonly environment: string | null;
  /** The backend that was active before and still is; null: none. */
  readonly active: string | null;
}

/**
 * Examines the host: every plugin is probed, started and has to compute, and what was active before is made active again.
 *
 * `plugins` are what `useBackend` would choose from; default: wasm, cpu. Throws `GS_OPTION_VALUE` for a list that is none.
 */
export function doctor(plugins?: readonly BackendPlugin[]): Promise<DoctorReport> {
  return oneAtATime(() => examine(checkPlugins('backends/doctor', plugins ?? defaultPlugins())));
}

async function examine(plugins: readonly BackendPlugin[]): Promise<DoctorReport> {
  const active = activeBackend();
  const backends: BackendFinding[] = [];
  for (const plugin of plugins) backends.push(await finding(plugin));
  await restoreBackend(active);
  const environment = environmentBackend() ?? null;
  const working = backends.filter(({ available }) => available).map(({ name }) => name);
  const chosen = environment === null ? (working[0] ?? null) : working.includes(environment) ? environment : null;
  return { host: hostFacts(), packages: await packageVersions(), backends, chosen, environment, active };
}

async function finding(plugin: BackendPlugin): Promise<BackendFinding> {
  const { name } = plugin;
  const attempt = await tryPlugin(plugin);
  const registered = getKernelsForBackend(name);
  const kernelsThat = (kind: 'served' | 'missing' | undefined): string[] =>
    registered
      .filter(({ kernelFunc }) => standIn(kernelFunc) === kind)
      .map(({ kernelName }) => kernelName)
      .sort();
  const { kernels: served = [], calls = {} } = plugin.fallbacks?.() ?? {};
  const fallbackKernels = [...new Set([...kernelsThat('served'), ...served])].sort();
  const ownKernels = kernelsThat(undefined).filter((kernel) => !fallbackKernels.includes(kernel));
  const kernels = {
    kernels: ownKernels.length,
    ownKernels,
    fallbackKernels,
    fallbackCalls: Object.fromEntries(Object.entries(calls).filter(([, count]) => count > 0)),
    missingKernels: kernelsThat('missing'),
  };
  if ('detail' in attempt) {
    const examined = await plugin.examine?.().catch((error: unknown) => `${attempt.detail}; ${String(error)}`);
    return { name, ...kernels, available: true, detail: examined || attempt.detail };
  }
  return { name, ...kernels, available: false, reason: attempt.reason, remedy: attempt.remedy };
}

async function packageVersions(): Promise<Record<string, string | null>> {
  const cpu = await optionalPackage('@tensorflow/tfjs-backend-cpu', () => import('@tensorflow/tfjs-backend-cpu'));
  const wasm = await optionalPackage('@tensorflow/tfjs-backend-wasm', () => import('@tensorflow/tfjs-backend-wasm'));
  return {
    '@tensorflow/tfjs-core': version_core,
    '@tensorflow/tfjs-backend-wasm': 'found' in wasm ? wasm.found.version_wasm : null,
    '@tensorflow/tfjs-backend-cpu': 'found' in cpu ? cpu.found.version_cpu : null,
  };
}
