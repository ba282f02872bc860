import { TFJS_VERSION } from '../../internal/optional-package.js';
import { shortName, type TensorflowHost, type TensorflowPackage } from './tensorflow-packages.js';

/** Why something does not work, in one line, and what to do. */
export interface WhyNot {
  readonly reason: string;
  readonly remedy: string;
}

/** The library of the NVIDIA driver. */
export const GPU_DRIVER = 'libcuda.so.1';

/** What TensorFlow 2.9.1, the one of tfjs-node-gpu, loads when it looks for a GPU. Where one is missing it computes on the CPU and goes on. */
const GPU_LIBRARIES = [
  GPU_DRIVER,
  'libcudart.so.11.0',
  'libcublas.so.11',
  'libcublasLt.so.11',
  'libcufft.so.10',
  'libcurand.so.10',
  'libcusolver.so.11',
  'libcusparse.so.11',
  'libcudnn.so.8',
] as const;

const CUDA = 'Install CUDA 11.2 and cuDNN 8.1, and name the folders of their libraries in LD_LIBRARY_PATH';

/** Why a package that is installed cannot be loaded. */
export function whyNotLoaded(name: TensorflowPackage, error: unknown): WhyNot {
  const message = String(Object(error)['message'] ?? error);
  const short = shortName(name);
  if (/native addon module .*can ?not be found/is.test(message))
    return {
      reason: `The native addon of ${short} is not there: npm did not run its install script`,
      remedy: `Run: npm rebuild ${name} (npm 11 and newer want "npm install-scripts approve ${name}" first)`,
    };
  const library =
    /(lib[\w.+-]+\.(?:so[\d.]*|dylib))['" ]*:? .*(?:cannot open shared object|no such file|not found)/i.exec(
      message,
    )?.[1];
  if (library !== undefined)
    return {
      reason: `${short} cannot be loaded: ${library} is missing`,
      remedy: /^lib(cu|nv)/.test(library) ? CUDA : `Let npm fetch it: npm rebuild ${name}`,
    };
  if (/self-register|different Node\.js version|invalid ELF|wrong ELF|not a valid Win32/i.test(message))
    return {
      reason: `The native addon of ${short} was built for another Node.js or another processor`,
      remedy: `Build it afresh: npm rebuild ${name} --build-addon-from-source`,
    };
  return {
    reason: `${short} cannot be loaded: ${message.split('\n')[0]!.trim()}`,
    remedy: `Install it afresh: npm install ${name}@${TFJS_VERSION}`,
  };
}

/** Why tfjs-node-gpu computes on the CPU: it falls back to that without an error. */
export function whyNoGpu(version: string, host: Pick<TensorflowHost, 'hasLibrary'>): WhyNot {
  // Another TensorFlow than the one that npm brings wants other libraries.
  const libraries = version.startsWith('2.9.') ? GPU_LIBRARIES : GPU_LIBRARIES.slice(0, 1);
  const missing = libraries.filter((library) => !host.hasLibrary(library));
  const reason = 'tfjs-node-gpu computes on the CPU';
  if (missing.length === 0)
    return {
      reason: `${reason}: TensorFlow ${version} finds no GPU that it can use`,
      remedy: 'Check nvidia-smi and CUDA_VISIBLE_DEVICES; GPUs newer than Ampere are for the backend cuda',
    };
  const are = missing.length === 1 ? 'is' : 'are';
  return {
    reason: `${reason}: ${missing.join(', ')} ${are} missing`,
    remedy: missing.includes(GPU_DRIVER)
      ? `Install the NVIDIA driver; in a container, pass the GPU in (docker run --gpus all)${missing.length > 1 ? `. ${CUDA}` : ''}`
      : CUDA,
  };
}

/** Why a package is not loaded that ends a process with a signal. */
export const whyItCrashes = (name: TensorflowPackage, signal: string): WhyNot => ({
  reason: `${shortName(name)} ends a process that loads it, with ${signal}: TensorFlow could not start on the GPU`,
  remedy: `End what else uses the GPU or its memory: nvidia-smi lists it. TensorFlow says more: node -e "require('${name}')"`,
});

/** Why none of the packages is there. */
export const notInstalled = (names: readonly TensorflowPackage[]): WhyNot => ({
  reason: names.length > 1 ? `Neither ${names.join(' nor ')} is installed` : `The package ${names[0]} is not installed`,
  remedy: `On a machine with CUDA 11.2: npm install @tensorflow/tfjs-node-gpu@${TFJS_VERSION}${names.length > 1 ? `; for the CPU: npm install @tensorflow/tfjs-node@${TFJS_VERSION}` : ''}`,
});
