import { GradstreamError } from '@gradstream/core';
import type { DataId, KernelBackend } from '@tensorflow/tfjs-core';
import type { GpuAdapter, GpuDevice } from './gpu-object.js';

/** What is used of a backend of `@tensorflow/tfjs-backend-webgpu`. */
interface StockBackend extends KernelBackend {
  readonly tensorMap: { get(dataId: DataId): { readonly values?: unknown; readonly dtype: string } | undefined };
}

/** What is used of the package. */
export interface WebgpuPackage {
  readonly WebGPUBackend: new (device: never, info: never) => unknown;
}

const FEATURES = ['timestamp-query', 'bgra8unorm-storage'] as const;
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/**
 * A backend on an adapter: the stock one, which asks for all that the adapter can, with a clear error where numbers are to be read at once and the host has no way
 * to do that. `lost` is called where the device is gone.
 */
export async function makeWebgpuBackend(
  { WebGPUBackend }: WebgpuPackage,
  adapter: GpuAdapter,
  lost: (why: string) => void,
): Promise<KernelBackend> {
  const device: GpuDevice = await adapter.requestDevice({
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]!])),
  });
  void device.lost.then(({ message }) => lost(message));
  // What the device refuses, a shader that does not compile for example, leaves zeros and a line on the console. Here the next read fails.
  let refused: string | undefined;
  device.addEventListener?.('uncapturederror', ({ error }) => (refused ??= error.message));
  const backend = new WebGPUBackend(device as never, (adapter.info ?? {}) as never) as StockBackend;
  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    const values = await read(dataId);
    if (refused === undefined) return values;
    const why = refused.split('\n')[0]!;
    refused = undefined;
    throw new GradstreamError('GS_BACKEND_KERNEL', {
      where: 'backends/webgpu',
      what: 'The device refused an operation: numbers since the last read are not to be trusted',
      expected: 'operations that WebGPU takes',
      received: why,
      next: 'The console has all of it. Leave the operation out, or use another backend for it.',
    });
  };
  const stock = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    const data = backend.tensorMap.get(dataId);
    const isHere = data === undefined || data.dtype === 'string' || (data.values !== null && data.values !== undefined);
    // Browsers draw the numbers on a canvas to read them at once.
    if (isHere || data.dtype === 'complex64' || 'OffscreenCanvas' in globalThis) return stock(dataId);
    throw new GradstreamError('GS_BACKEND_SYNC_READ', {
      where: 'backends/webgpu',
      what: 'Numbers cannot be read from a GPU at once',
      expected: 'an asynchronous read',
      received: 'a synchronous one: dataSync(), arraySync(), or an operation that reads its input',
      next: 'Use await x.data() or await x.array(); for an operation, another backend.',
    });
  };
  return backend;
}
