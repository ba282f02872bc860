import { checkBoolean, checkNumber, checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import { findBackend, findBackendFactory, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import { CudaBackend } from './cuda-backend.js';
import { lookForDevices, type CudaDevice } from './driver/devices.js';
import { CudaRuntime } from './internal/runtime.js';
import { examineLt, useBlas } from './kernels/blas.js';
import { examineDnn } from './kernels/convolution/dnn/use-dnn.js';
import { environmentBlas, libraryAt, loadCublas } from './node/cublas.js';
import { cudnnAt, environmentDnn, loadCudnn } from './node/cudnn.js';

/** The name under which tfjs knows this backend. */
export const CUDA = 'cuda';

/** Options of `cudaBackend`. */
export interface CudaOptions {
  /** Which device, by its place in the list of `cudaDevices()`; by default the first one. */
  readonly device?: number;
  /** The most bytes that are taken from the device. */
  readonly memoryLimit?: number;
  /** The driver's library, where the system's is not the one; also the environment variable `GRADSTREAM_CUDA_LIBRARY`. */
  readonly library?: string;
  /**
   * cuBLAS for large matrix products, and the cuBLASLt beside it for those with a bias and relu: its library or the folder that has it; `false` for own kernels alone. By default it is used where it is found; also the
   * environment variable `GRADSTREAM_CUBLAS`, a path or `off`.
   */
  readonly cublas?: string | false;
  /** cuDNN for convolutions of many channels: the same; also the environment variable `GRADSTREAM_CUDNN`, a path or `off`. */
  readonly cudnn?: string | false;
  /** Large products and convolutions of numbers rounded to TF32: many times faster, with about three digits. Default false, or `GRADSTREAM_CUDA_TF32=1`. */
  readonly tf32?: boolean;
}

/** What a probe found: the backend can start, with a detail for people, or it cannot, with the reason and what to do. */
export type CudaProbe =
  | { readonly available: true; readonly detail: string }
  | { readonly available: false; readonly reason: string; readonly remedy: string };

/** A backend that can be asked whether it works here, and started. */
export interface CudaPlugin {
  readonly name: string;
  probe(): Promise<CudaProbe>;
  /** Registers the backend and its kernels with tfjs-core and makes it active. May be called again. */
  start(): Promise<void>;
  /** The kernels that only tfjs-backend-cpu has, and how often each kernel of it ran in place of an own one. Nothing before `start`. */
  fallbacks(): { readonly kernels: readonly string[]; readonly calls: Readonly<Record<string, number>> };
  /** After `start`: loads and checks cuBLAS, cuBLASLt and cuDNN, which products and convolutions would do otherwise, and says for people what the backend runs on. */
  examine(): Promise<string>;
}

const WHERE = 'backend-cuda/cudaBackend';

/**
 * The CUDA backend for tfjs-core. It needs an NVIDIA driver, of CUDA 11.0 or newer, and a GPU of the Turing generation or newer: no toolkit, no library.
 *
 * Throws `GS_OPTION_*` for wrong options; `start` throws `GS_BACKEND_START` where there is no device, or no cuBLAS or cuDNN where one was named, and `GS_CUDA_DRIVER` where the driver fails.
 */
export function cudaBackend(options: CudaOptions = {}): CudaPlugin {
  checkOptions(WHERE, options, ['device', 'memoryLimit', 'library', 'cublas', 'cudnn', 'tf32']);
  const { device = 0, memoryLimit } = options;
  checkNumber(WHERE, 'device', device, { min: 0, integer: true });
  if (memoryLimit !== undefined) checkNumber(WHERE, 'memoryLimit', memoryLimit, { min: 2 ** 20, integer: true });
  if (options.library !== undefined) checkPath('library', options.library);
  if (options.cublas !== undefined && options.cublas !== false) checkPath('cublas', options.cublas);
  if (options.cudnn !== undefined && options.cudnn !== false) checkPath('cudnn', options.cudnn);
  if (options.tf32 !== undefined) checkBoolean(WHERE, 'tf32', options.tf32);
  const library = options.library ?? environmentLibrary();
  return {
    name: CUDA,
    probe: async () => {
      const backend = started();
      if (backend !== undefined && !backend.runtime.isBroken && backend.runtime.device.index === device)
        return { available: true, detail: backend.detail };
      const choice = choose(device, library);
      return 'reason' in choice ? { available: false, ...choice } : { available: true, detail: choice.detail };
    },
    start: async () => {
      const known = started();
      // One that failed for good can do nothing more: a new one may. One on another device is not the one that was asked for.
      if (known === undefined || known.runtime.isBroken || known.runtime.device.index !== device)
        await registerCuda(CUDA, { ...options, library });
      await setBackend(CUDA);
    },
    fallbacks: () => {
      const backend = started();
      if (backend === undefined) return { kernels: [], calls: {} };
      return { kernels: backend.servedKernels, calls: backend.fallbacks() };
    },
    examine: async () => {
      const backend = started();
      if (backend === undefined) return 'not started';
      const blas = useBlas(backend.runtime, backend.runtime.blas) ? 'cuBLAS' : 'no cuBLAS';
      examineDnn(backend.runtime);
      examineLt(backend.runtime);
      return `${backend.detail}; ${blas}`;
    },
  };
}

/** The backend that runs under the name, or undefined. */
function started(): CudaBackend | undefined {
  const backend = findBackendFactory(CUDA) === null ? null : findBackend(CUDA);
  return backend instanceof CudaBackend ? backend : undefined;
}

/** Names of libraries, as examples. */
const EXAMPLES = { library: 'libcuda.so.1', cublas: 'libcublas.so.13', cudnn: 'libcudnn.so.9' } as const;

function checkPath(name: keyof typeof EXAMPLES, path: unknown): void {
  if (typeof path === 'string' && path.trim() !== '') return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where: WHERE,
    what: `The option "${name}" is no path`,
    expected: `the path or name of a library, such as ${EXAMPLES[name]}`,
    received: describeValue(path),
    next: "Leave it out to use the system's.",
  });
}

/** The devices that the backend can use here; none where there is no driver. */
export function cudaDevices(): readonly CudaDevice[] {
  const look = lookForDevices(environmentLibrary());
  return 'reason' in look ? [] : look.devices;
}

/** Starts a backend and registers it with its kernels under a name. */
export async function registerCuda(
  name: string,
  {
    device = 0,
    memoryLimit,
    library,
    cublas,
    cudnn,
    tf32,
  }: { readonly [K in keyof CudaOptions]: CudaOptions[K] | undefined },
): Promise<CudaBackend> {
  const choice = choose(device, library);
  if ('reason' in choice) {
    throw new GradstreamError('GS_BACKEND_START', {
      where: WHERE,
      what: 'The backend cannot start',
      expected: 'an NVIDIA driver and a GPU',
      received: choice.reason,
      next: choice.remedy,
    });
  }
  checkLibrary('cuBLAS', 'cublas', cublas ?? environmentBlas().library, (path) => loadCublas(libraryAt(path)));
  checkLibrary('cuDNN', 'cudnn', cudnn ?? environmentDnn().library, (path) => loadCudnn(cudnnAt(path)));
  // Kernels are loaded when they are needed: importing the package costs little.
  const [{ registerKernels }] = await Promise.all([
    import('./internal/register-kernels.js'),
    import('@tensorflow/tfjs-backend-cpu'),
  ]);
  if (findBackendFactory(name) !== null) removeBackend(name);
  const served = registerKernels(name);
  const blas = { ...(cublas === undefined ? {} : { library: cublas }), ...(tf32 === undefined ? {} : { tf32 }) };
  const make = (): CudaBackend => {
    const runtime = new CudaRuntime(choice.driver, choice.device, memoryLimit);
    runtime.blas = blas;
    if (cudnn !== undefined) runtime.dnn = { library: cudnn };
    runtime.roundings.mayBeTf32 = blas.tf32 ?? environmentBlas().tf32 ?? false;
    return new CudaBackend(runtime, served, choice.detail);
  };
  // tfjs keeps the factory when its engine is reset, and asks it for a backend again after the first one was disposed of. The first one is made here: tfjs would
  // print an error and keep it.
  const first = make();
  let waiting: CudaBackend | undefined = first;
  registerBackend(
    name,
    () => {
      const backend = waiting ?? make();
      waiting = undefined;
      return backend;
    },
    5,
  );
  return first;
}

/** What is accepted under a name. */
const RELEASES = { cublas: 'cuBLAS 11 or newer', cudnn: 'cuDNN 8 or 9' } as const;

/** A library that was named has to be there: without it steps would be slower, and nobody would know why. */
function checkLibrary(
  title: string,
  option: keyof typeof RELEASES,
  path: string | false | undefined,
  load: (path: string) => unknown,
): void {
  if (path === undefined || path === false || load(path) !== undefined) return;
  throw new GradstreamError('GS_BACKEND_START', {
    where: WHERE,
    what: `${title} is not where it was said to be`,
    expected: `a library of ${RELEASES[option]}, or a folder that has one`,
    received: path,
    next: `Correct the option ${option} or GRADSTREAM_${option.toUpperCase()}, or leave it out; false, or off, is for own kernels alone.`,
  });
}

type Choice =
  | {
      readonly driver: ConstructorParameters<typeof CudaRuntime>[0];
      readonly device: CudaDevice;
      readonly detail: string;
    }
  | { readonly reason: string; readonly remedy: string };

function choose(index: number, library: string | undefined): Choice {
  const look = lookForDevices(library);
  if ('reason' in look) return look;
  const { driver, devices, version, release } = look;
  const device = devices.find((one) => one.index === index);
  if (device === undefined)
    return {
      reason: `There is no device ${index} that can be used; there are ${devices.map((one) => one.index).join(', ')}`,
      remedy: 'Choose one of these with the option device.',
    };
  const { name, capability, memory } = device;
  const others =
    devices.length > 1 ? `; device ${index} of ${devices.map((one) => `${one.index}: ${one.name}`).join(', ')}` : '';
  const detail = `${name}, compute capability ${(capability / 10).toFixed(1)}, ${(memory / 2 ** 30).toFixed(1)} GiB, driver ${release === undefined ? '' : `${release} `}for CUDA ${version}${others}`;
  return { driver, device, detail };
}

function environmentLibrary(): string | undefined {
  return process.env['GRADSTREAM_CUDA_LIBRARY']?.trim() || undefined;
}
