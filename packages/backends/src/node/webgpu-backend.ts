import type { BackendPlugin } from '../backend-plugin.js';
import { whyMissing } from '../internal/optional-package.js';
import type { GpuObject, GpuSource } from '../webgpu/gpu-object.js';
import { webgpuPlugin, type WebgpuBackendOptions } from '../webgpu/webgpu-backend.js';

/** What is used of the npm package `webgpu`. */
export interface DawnPackage {
  /** Makes what browsers have as `navigator.gpu`. */
  create(flags: readonly string[]): GpuObject;
  /** The classes and constants that browsers have as globals. */
  readonly globals: Readonly<Record<string, unknown>>;
}

const PACKAGE = 'webgpu';
const INSTALL = `npm install ${PACKAGE}@0.6.2`;

/**
 * WebGPU in Node.js: the npm package `webgpu` (Dawn, the WebGPU of Chromium) and `@tensorflow/tfjs-backend-webgpu`, both optional peers. It needs a Vulkan driver on
 * Linux. Where an adapter is found, `navigator.gpu` and WebGPU's globals are defined, as in a browser.
 *
 * Everything else is that of `webgpuBackend` of `@gradstream/backends`; reading numbers at once (`dataSync`) throws `GS_BACKEND_SYNC_READ`.
 */
export function webgpuBackend(options: WebgpuBackendOptions = {}): BackendPlugin {
  return webgpuPlugin(options, () => nodeGpu());
}

type Load = () => Promise<DawnPackage>;
const dawn: Load = async () => {
  // In a try block: bundlers leave an import that may fail alone where the package is not installed.
  try {
    return (await import('webgpu')) as DawnPackage;
  } catch (error) {
    throw error instanceof Error ? error : new Error(String(error));
  }
};

/** The one object of each package: Dawn must not lose it while a device lives. */
const made = new WeakMap<Load, { readonly gpu: GpuObject; readonly globals: DawnPackage['globals'] }>();

/** WebGPU as the host has it, or by the npm package. */
export async function nodeGpu(load: Load = dawn): Promise<GpuSource> {
  const host = globalThis as { navigator?: { gpu?: GpuObject } };
  let kept = made.get(load);
  if (host.navigator?.gpu !== undefined && host.navigator.gpu !== kept?.gpu)
    return { gpu: host.navigator.gpu, install: () => undefined, noAdapter: 'Update the graphics driver' };
  try {
    if (kept === undefined) {
      const { create, globals } = await load();
      kept = { gpu: create([]), globals };
      made.set(load, kept);
    }
  } catch (error) {
    const why = whyMissing(PACKAGE, error, INSTALL);
    return why.reason.endsWith('is not installed')
      ? { ...why, remedy: `On a machine with a GPU: ${INSTALL} @tensorflow/tfjs-backend-webgpu@4.22.0` }
      : why;
  }
  const { gpu, globals } = kept;
  const install = (): void => {
    if (host.navigator?.gpu === gpu) return;
    Object.assign(globalThis, globals);
    // Node 20 has no navigator. What stands in for it looks like that of later versions.
    if (host.navigator === undefined)
      Object.defineProperty(globalThis, 'navigator', {
        value: { userAgent: `Node.js/${process.versions.node.split('.')[0]}` },
        configurable: true,
        writable: true,
      });
    Object.defineProperty(host.navigator, 'gpu', { value: gpu, configurable: true });
  };
  return {
    gpu,
    install,
    noAdapter:
      process.platform === 'linux'
        ? 'Install the Vulkan driver of the GPU and its loader (libvulkan.so.1; Debian: libvulkan1, mesa-vulkan-drivers)'
        : 'Update the graphics driver',
  };
}
