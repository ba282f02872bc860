import { checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import { env, getKernel, registerKernel, setBackend, unregisterKernel, type KernelFunc } from '@tensorflow/tfjs-core';
import type { BackendPlugin } from '../backend-plugin.js';
import { fallbackCounts, registerFallbacks } from '../cpu/cpu-fallback.js';
import { optionalPackage } from '../internal/optional-package.js';
import { wasmFusedMatMul } from './wasm-fused-mat-mul.js';
import { WASM } from './wasm-heap.js';
import { wasmIdentity } from './wasm-identity.js';
import { wasmMatMul } from './wasm-mat-mul.js';
import { wasmClipByValue, wasmFloorDiv, wasmNeg } from './wasm-integers.js';
import { wasmMaxPoolGradient } from './wasm-max-pool-gradient.js';

/** Options of `wasmBackend`. */
export interface WasmBackendOptions {
  /**
   * Where the .wasm files of `@tensorflow/tfjs-backend-wasm` lie: the folder (ending in a slash), or a path for each file by name. A bundled
   * application has to say it; in Node they are found beside the package.
   */
  readonly wasmPaths?: string | Readonly<Record<string, string>>;
}

/** Kernels that training needs and the stock backend lacks. */
const MISSING = [
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'UnsortedSegmentSum',
] as const;

const OVERRIDES: Readonly<Record<string, (stock: KernelFunc) => KernelFunc>> = {
  BatchMatMul: wasmMatMul,
  ClipByValue: wasmClipByValue,
  FloorDiv: wasmFloorDiv,
  _FusedMatMul: wasmFusedMatMul,
  Identity: wasmIdentity,
  MaxPoolGrad: wasmMaxPoolGradient,
  Neg: wasmNeg,
};

const load = () => optionalPackage('@tensorflow/tfjs-backend-wasm', () => import('@tensorflow/tfjs-backend-wasm'));
const loadCpu = () => optionalPackage('@tensorflow/tfjs-backend-cpu', () => import('@tensorflow/tfjs-backend-cpu'));

/**
 * The stock WebAssembly backend of TensorFlow.js, `@tensorflow/tfjs-backend-wasm`, made fit for training: matrix products with transposed
 * operands run on XNNPACK, the gradient of max pooling and whole numbers are right, and the four kernels that it lacks for training run on the cpu backend where that package is installed.
 *
 * Both packages are optional peers, imported when the plugin is probed or started. Throws `GS_OPTION_*` for options it does not know.
 */
export function wasmBackend(options: WasmBackendOptions = {}): BackendPlugin {
  checkOptions('backends/wasmBackend', options, ['wasmPaths']);
  const { wasmPaths } = options;
  if (wasmPaths !== undefined && typeof wasmPaths !== 'string' && Object(wasmPaths) !== wasmPaths) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: 'backends/wasmBackend',
      what: 'The option "wasmPaths" has a value that cannot be used',
      expected: 'a folder, or an object of paths by file name',
      received: describeValue(wasmPaths),
      next: "Give the folder that holds the .wasm files, as '/assets/'.",
    });
  }
  return {
    name: WASM,
    async probe() {
      if (typeof globalThis.WebAssembly !== 'object') {
        return {
          available: false,
          reason: 'This host has no WebAssembly',
          remedy: 'Use a newer browser or Node, or the cpu backend',
        };
      }
      const wasm = await load();
      if (!('found' in wasm)) return { available: false, ...wasm };
      const simd = await env().getAsync('WASM_HAS_SIMD_SUPPORT');
      const threads = await env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT');
      const detail = `tfjs-backend-wasm ${wasm.found.version_wasm}, ${simd ? 'SIMD' : 'no SIMD'}, ${threads ? 'threads' : '1 thread'}`;
      return { available: true, detail };
    },
    fallbacks: () => ({ kernels: Object.keys(fallbackCounts(WASM)), calls: fallbackCounts(WASM) }),
    async start() {
      const wasm = await load();
      if (!('found' in wasm)) throw new Error(`${wasm.reason}. ${wasm.remedy}`);
      if (wasmPaths !== undefined) setPaths(() => wasm.found.setWasmPaths(wasmPaths as string));
      registerFallbacks(WASM, MISSING, await loadCpu());
      for (const [name, override] of Object.entries(OVERRIDES)) install(name, override);
      if (await setBackend(WASM)) return;
      throw new GradstreamError('GS_BACKEND_UNAVAILABLE', {
        where: 'backends/wasm',
        what: 'The .wasm file could not be loaded',
        expected: 'the .wasm files of @tensorflow/tfjs-backend-wasm beside the bundle, or at wasmPaths',
        received: wasmPaths === undefined ? 'no wasmPaths' : `wasmPaths ${describeValue(wasmPaths)}`,
        next: "Serve them and pass useBackend({ backend: 'wasm', plugins: [wasmBackend({ wasmPaths: '/folder/' })] })",
      });
    },
  };
}

/** The stock backend refuses new paths once a start has failed, in words about a start that went well. */
function setPaths(set: () => void): void {
  try {
    set();
  } catch (cause) {
    throw new GradstreamError('GS_BACKEND_UNAVAILABLE', {
      where: 'backends/wasm',
      what: 'It takes no other wasmPaths after a start that failed, or that lack one of its three files',
      expected: 'the right wasmPaths at the first start',
      received: cause instanceof Error ? cause.message : String(cause),
      next: 'Start a new process, or reload the page, with the right wasmPaths',
      cause,
    });
  }
}

/** Marks a kernel that is an override, whichever copy of this package made it. */
const INSTALLED = Symbol.for('gradstream.wasm.override');

/** Puts an override in the place of a stock kernel, once a process. */
function install(name: string, override: (stock: KernelFunc) => KernelFunc): void {
  const stock = getKernel(name, WASM);
  if (INSTALLED in stock.kernelFunc) return;
  const kernelFunc = Object.assign(override(stock.kernelFunc), { [INSTALLED]: true });
  unregisterKernel(name, WASM);
  // The stock setup stays: it binds the compiled function that `stock` calls, and runs each time that the backend becomes active.
  registerKernel({ ...stock, kernelFunc });
}
