import { findBackend, setBackend } from '@tensorflow/tfjs-core';
import type { BackendPlugin } from '../backend-plugin.js';
import { optionalPackage } from '../internal/optional-package.js';

const load = () => optionalPackage('@tensorflow/tfjs-backend-cpu', () => import('@tensorflow/tfjs-backend-cpu'));

/**
 * The plain JavaScript backend of TensorFlow.js, `@tensorflow/tfjs-backend-cpu`: slow, and there wherever JavaScript is.
 *
 * The package is an optional peer, imported when it is probed or started.
 */
export function cpuBackend(): BackendPlugin {
  return {
    name: 'cpu',
    async probe() {
      const cpu = await load();
      return 'found' in cpu
        ? { available: true, detail: `tfjs-backend-cpu ${cpu.found.version_cpu}, plain JavaScript, 1 thread` }
        : { available: false, ...cpu };
    },
    async start() {
      const cpu = await load();
      if (!('found' in cpu)) throw new Error(`${cpu.reason}. ${cpu.remedy}`);
      quiet(findBackend('cpu'));
      if (!(await setBackend('cpu'))) throw new Error('tfjs-core could not initialize the cpu backend');
    },
  };
}

/** Keeps a cpu backend from advertising another package on its first use. */
export function quiet(backend: object | null): void {
  if (backend !== null && 'firstUse' in backend) backend.firstUse = false;
}
