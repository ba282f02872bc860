import { checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import { setBackend } from '@tensorflow/tfjs-core';
import type { BackendPlugin } from '../../backend-plugin.js';
import { fallbackCounts } from '../../cpu/cpu-fallback.js';
import { sayClearly } from './clear-errors.js';
import { fillGaps } from './fill-gaps.js';
import { loadedPackage, loadPackage, TENSORFLOW } from './load-package.js';
import { readInShape, type PackageBackend } from './package-backend.js';
import {
  shortName,
  TENSORFLOW_PACKAGES,
  thisHost,
  type TensorflowHost,
  type TensorflowPackage,
} from './tensorflow-packages.js';
import { GPU_DRIVER, notInstalled, whyItCrashes, whyNoGpu, whyNotLoaded, type WhyNot } from './why-not.js';

/** Options of `tensorflowBackend`. */
export interface TensorflowBackendOptions {
  /**
   * `gpu`: tfjs-node-gpu, computing on a GPU. `any`: either package, on whatever it computes. Left out: tfjs-node-gpu on a GPU, and the CPU where tfjs-node is
   * installed.
   */
  readonly device?: 'gpu' | 'any';
}

const WHERE = 'backends/tensorflowBackend';

/**
 * TensorFlow's own library through `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node`, optional peers that are never installed by this package and are loaded
 * when the plugin is started.
 *
 * tfjs-node-gpu computes on the CPU where it finds no GPU, and says nothing: here that is a reason not to take it, with the libraries that are missing. Memory of
 * the GPU is taken as it is needed. Where there is a driver of GPUs, tfjs-node-gpu is first loaded in a process of its own: where TensorFlow cannot start on the GPU
 * the package ends the process that loads it. Node.js 22 warns of functions that the packages call, and newer ones lack them; they are given. Tensors that share
 * data under another shape are read in that shape, which the packages alone do not.
 *
 * An operation that fails throws `GS_BACKEND_MEMORY` where the device has no memory left, and `GS_BACKEND_KERNEL` otherwise, with TensorFlow's own words.
 *
 * `start()` throws `GS_BACKEND_UNAVAILABLE` with the reason. Throws `GS_OPTION_*` for options that it does not know.
 */
export function tensorflowBackend(options: TensorflowBackendOptions = {}): BackendPlugin {
  checkOptions(WHERE, options, ['device']);
  if (options.device !== undefined && options.device !== 'gpu' && options.device !== 'any')
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: WHERE,
      what: 'The option "device" has a value that cannot be used',
      expected: "'gpu' or 'any'",
      received: describeValue(options.device),
      next: "Give 'gpu' for a GPU or nothing, 'any' for whatever TensorFlow finds, or leave it out.",
    });
  return tensorflowPlugin(options.device, thisHost);
}

/** The same on a host of one's own. */
export function tensorflowPlugin(device: TensorflowBackendOptions['device'], host: TensorflowHost): BackendPlugin {
  const wanted = device === 'gpu' ? TENSORFLOW_PACKAGES.slice(0, 1) : TENSORFLOW_PACKAGES;
  const installed = (): readonly TensorflowPackage[] => wanted.filter((name) => host.versionOf(name) !== undefined);
  const detail = (name: TensorflowPackage, { binding, isUsingGpuDevice }: PackageBackend): string =>
    `${shortName(name)} ${host.versionOf(name) ?? ''}, TensorFlow ${binding.TF_Version}, ${isUsingGpuDevice ? 'GPU' : 'CPU'}`;
  return {
    name: TENSORFLOW,
    async probe() {
      const loaded = loadedPackage();
      if (loaded !== undefined) return { available: true, detail: detail(loaded.name, loaded.backend) };
      const names = installed();
      if (names.length === 0) return { available: false, ...notInstalled(wanted) };
      return { available: true, detail: names.map((name) => `${shortName(name)} ${host.versionOf(name)}`).join(', ') };
    },
    fallbacks: () => ({ kernels: Object.keys(fallbackCounts(TENSORFLOW)), calls: fallbackCounts(TENSORFLOW) }),
    async start() {
      const loaded = loadedPackage();
      const names = loaded === undefined ? installed() : [loaded.name];
      if (names.length === 0) throw unavailable([notInstalled(wanted)]);
      // Who has installed tfjs-node too means TensorFlow on the CPU to be used: which of the two brings it does not matter.
      const mayUseCpu =
        device === 'any' || (device === undefined && [...names, ...installed()].includes('@tensorflow/tfjs-node'));
      const failed: WhyNot[] = [];
      for (const name of names) {
        // Where TensorFlow cannot start on a GPU that is there (another process has it, or its memory), the addon reads from an address of nothing.
        const crash =
          loaded === undefined && name.endsWith('gpu') && host.hasLibrary(GPU_DRIVER) && (await host.crashOf(name));
        if (crash) {
          failed.push(whyItCrashes(name, crash));
          continue;
        }
        let backend: PackageBackend;
        try {
          backend = loaded?.backend ?? (await loadPackage(host, name));
        } catch (error) {
          failed.push(whyNotLoaded(name, error));
          continue;
        }
        if (!backend.isUsingGpuDevice && !mayUseCpu) throw unavailable([...failed, whyOnCpu(backend, host)]);
        sayClearly(backend);
        readInShape(backend);
        await fillGaps(backend);
        if (await setBackend(TENSORFLOW)) return;
        failed.push({ reason: `${shortName(name)} could not be made active`, remedy: 'Restart the process' });
      }
      throw unavailable(failed);
    },
  };
}

const whyOnCpu = (backend: PackageBackend, host: TensorflowHost): WhyNot =>
  backend.isGPUPackage
    ? whyNoGpu(backend.binding.TF_Version, host)
    : { reason: 'tfjs-node is loaded, which computes on the CPU', remedy: 'Load tfjs-node-gpu in its place' };

function unavailable(failed: readonly WhyNot[]): GradstreamError {
  const reasons = failed.map(({ reason }) => reason).join('; ');
  return new GradstreamError('GS_BACKEND_UNAVAILABLE', {
    where: WHERE,
    what: reasons,
    expected: 'tfjs-node-gpu on a GPU, or tfjs-node',
    received: reasons,
    next: [...new Set(failed.map(({ remedy }) => remedy))].join('; '),
  });
}
