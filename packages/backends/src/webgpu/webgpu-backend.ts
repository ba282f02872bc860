import { checkBoolean, checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import { engine, findBackendFactory, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import type { BackendPlugin } from '../backend-plugin.js';
import { TFJS_VERSION, whyMissing, type OptionalPackage } from '../internal/optional-package.js';
import { adapterName, browserGpu, isSoftware, type GpuAdapter, type GpuSource } from './gpu-object.js';
import { makeWebgpuBackend, type WebgpuPackage } from './make-backend.js';
import { mendCast } from './mend-cast.js';
import { mendTranspose } from './mend-transpose.js';

/** Options of `webgpuBackend`. */
export interface WebgpuBackendOptions {
  /** Which of two GPUs. Default: the fast one. */
  readonly powerPreference?: 'high-performance' | 'low-power';
  /** Takes an adapter that computes on the CPU too, for tests: it is slower than the other backends. Default: false. */
  readonly software?: boolean;
}

const WEBGPU = 'webgpu';
const WHERE = 'backends/webgpuBackend';
const PACKAGE = '@tensorflow/tfjs-backend-webgpu';

/** In a try block of its own: a bundler leaves an import that may fail alone where the package is not installed. */
async function load(): Promise<OptionalPackage<WebgpuPackage>> {
  try {
    return { found: await import('@tensorflow/tfjs-backend-webgpu') };
  } catch (error) {
    return whyMissing(PACKAGE, error);
  }
}

/**
 * WebGPU through `@tensorflow/tfjs-backend-webgpu`, an optional peer: any GPU, in browsers by `navigator.gpu`. In Node.js take the one of
 * `@gradstream/backends/node`, which brings the npm package `webgpu`.
 *
 * Numbers are read asynchronously: `await x.data()`. An adapter that computes on the CPU is refused, unless `software` allows it. A device that is lost is
 * replaced at the next `start()`; its tensors are gone. Throws `GS_OPTION_*` for options that it does not know.
 */
export function webgpuBackend(options: WebgpuBackendOptions = {}): BackendPlugin {
  return webgpuPlugin(options, async () => browserGpu());
}

/** The factory that this package registered, and whether its device is lost. */
const ours: { factory?: () => Promise<unknown>; adapter?: string; lost?: string } = {};

/** The same with a WebGPU from elsewhere. */
export function webgpuPlugin(options: WebgpuBackendOptions, source: () => Promise<GpuSource>): BackendPlugin {
  const { powerPreference = 'high-performance', software = false } = checked(options);

  const find = async (): Promise<
    | { readonly adapter: GpuAdapter; readonly found: WebgpuPackage; readonly install: () => void }
    | { readonly reason: string; readonly remedy: string }
  > => {
    const from = await source();
    if ('reason' in from) return from;
    const adapter = await from.gpu.requestAdapter({ powerPreference });
    if (adapter === null) return { reason: 'WebGPU finds no adapter', remedy: from.noAdapter };
    if (isSoftware(adapter) && !software)
      return {
        reason: `The only WebGPU adapter computes on the CPU: ${adapterName(adapter)}`,
        remedy: 'Install the driver of a GPU; for tests webgpuBackend({ software: true }) takes it',
      };
    from.install();
    const loaded = await load();
    return 'found' in loaded ? { adapter, found: loaded.found, install: from.install } : loaded;
  };

  return {
    name: WEBGPU,
    async probe() {
      if (isRunning()) return { available: true, detail: detail(ours.adapter) };
      const found = await find();
      return 'reason' in found
        ? { available: false, ...found }
        : { available: true, detail: detail(adapterName(found.adapter)) };
    },
    async start() {
      let failure = '';
      if (!isRunning()) {
        const first = await find();
        if ('reason' in first) throw unavailable(first.reason, first.remedy);
        // An adapter gives one device: tfjs asks the factory again after its engine was reset.
        let waiting: GpuAdapter | undefined = first.adapter;
        const make = async (): Promise<unknown> => {
          const found = waiting === undefined ? await find() : { adapter: waiting, found: first.found };
          waiting = undefined;
          if ('reason' in found) throw unavailable(found.reason, found.remedy);
          delete ours.lost;
          ours.adapter = adapterName(found.adapter);
          return makeWebgpuBackend(found.found, found.adapter, (why) => (ours.lost = why));
        };
        mendCast();
        mendTranspose();
        ours.factory = () =>
          make().catch((error: unknown) => {
            // tfjs prints it and goes on without a word to its caller.
            failure = `: ${String(Object(error)['message'] ?? error).split('\n')[0]}`;
            throw error;
          });
        if (findBackendFactory(WEBGPU) !== null) removeBackend(WEBGPU);
        registerBackend(WEBGPU, ours.factory as Parameters<typeof registerBackend>[1], 3);
      }
      if (await setBackend(WEBGPU)) return;
      removeBackend(WEBGPU);
      throw unavailable(`The WebGPU device could not be started${failure}`, 'Update the graphics driver');
    },
  };
}

/** Whether a backend of ours, or one that the program has started itself, is there and its device too. */
function isRunning(): boolean {
  const factory = findBackendFactory(WEBGPU);
  if (factory === null || !(WEBGPU in engine().registry)) return false;
  return (factory as unknown) !== ours.factory || ours.lost === undefined;
}

const detail = (adapter: string | undefined): string =>
  `tfjs-backend-webgpu ${TFJS_VERSION}${adapter === undefined ? '' : `, ${adapter}`}`;

function checked(options: WebgpuBackendOptions): WebgpuBackendOptions {
  checkOptions(WHERE, options, ['powerPreference', 'software']);
  const { powerPreference, software } = options;
  if (software !== undefined) checkBoolean(WHERE, 'software', software);
  if (powerPreference === undefined || powerPreference === 'high-performance' || powerPreference === 'low-power')
    return options;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where: WHERE,
    what: 'The option "powerPreference" has a value that cannot be used',
    expected: "'high-performance' or 'low-power'",
    received: describeValue(powerPreference),
    next: 'Give one of these, or leave it out.',
  });
}

const unavailable = (reason: string, remedy: string): GradstreamError =>
  new GradstreamError('GS_BACKEND_UNAVAILABLE', {
    where: WHERE,
    what: reason,
    expected: 'an adapter, a device and the package @tensorflow/tfjs-backend-webgpu',
    received: reason,
    next: remedy,
  });
