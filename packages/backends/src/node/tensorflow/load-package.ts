import util from 'node:util';
import {
  findBackend,
  findBackendFactory,
  getKernelsForBackend,
  removeBackend,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import type { PackageBackend } from './package-backend.js';
import type { TensorflowHost, TensorflowPackage } from './tensorflow-packages.js';

/** The name under which both packages register their backend. */
export const TENSORFLOW = 'tensorflow';

/** What tfjs-node 4.22 calls of Node's util: Node 22 warns of it on the console, and Node 23 has one of the two no longer. */
const OUTDATED: Readonly<Record<string, (value: unknown) => boolean>> = {
  isArray: Array.isArray,
  isNullOrUndefined: (value) => value === null || value === undefined,
};

/** The backend that is registered, and the package that it comes from; undefined while none is. */
export function loadedPackage(): { readonly name: TensorflowPackage; readonly backend: PackageBackend } | undefined {
  if (findBackendFactory(TENSORFLOW) === null) return undefined;
  const backend = findBackend(TENSORFLOW) as unknown as PackageBackend | null;
  if (backend === null) return undefined;
  return { name: backend.isGPUPackage ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node', backend };
}

/** Loads a package so that it works here and leaves everything else as it was. Rejects where it cannot be loaded. */
export async function loadPackage(host: TensorflowHost, name: TensorflowPackage): Promise<PackageBackend> {
  // TensorFlow takes all memory of a GPU at its start otherwise.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  for (const [key, value] of Object.entries(OUTDATED))
    Object.defineProperty(util, key, { value, configurable: true, writable: true });
  forget();
  const gradients = gradientRegistry();
  const before = new Map(gradients);
  try {
    await host.load(name);
  } finally {
    // The package brings all of tfjs along, whose gradients take the place of those that are registered.
    for (const [kernel, gradient] of before) gradients?.set(kernel, gradient);
  }
  const loaded = loadedPackage();
  if (loaded === undefined) throw new Error('it registered no backend "tensorflow"');
  return loaded.backend;
}

/** Takes away what a package has registered: another one would be told of each kernel that it is there already. */
function forget(): void {
  if (findBackendFactory(TENSORFLOW) !== null) removeBackend(TENSORFLOW);
  for (const { kernelName } of getKernelsForBackend(TENSORFLOW)) unregisterKernel(kernelName, TENSORFLOW);
}

/** The table in which tfjs-core keeps gradients: it can be asked for one by name, and for none of all. */
function gradientRegistry(): Map<string, unknown> | undefined {
  const { _tfGlobals: tables } = globalThis as { _tfGlobals?: Map<string, Map<string, unknown>> };
  return tables?.get('gradRegistry');
}
