import { compileWide } from '#wide';
import { availableThreads } from '#workers';
import { checkBoolean, checkChoice, checkNumber, checkOptions, GradstreamError } from '@gradstream/core';
import { findBackend, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import { variants, whyNot } from './internal/binaries/variants.js';
import type { Variant, VariantName } from './internal/binaries/variants.js';
import { startRuntime } from './internal/runtime.js';
import { describeWide, environmentWide } from './internal/wide/wide-module.js';
import { WasmSimdBackend } from './wasm-simd-backend.js';

/** The name under which tfjs knows this backend. */
export const WASM_SIMD = 'wasm-simd';

/** Options of `wasmSimdBackend`. */
export interface WasmSimdOptions {
  /** The binary to run, instead of the fastest that this engine can. */
  readonly variant?: VariantName;
  /** How many threads kernels run on, the calling one included; by default as many as the machine runs at once, at most 8. */
  readonly threads?: number;
  /** The most bytes that tensors may hold together, up to 4 GiB. */
  readonly memoryLimit?: number;
  /**
   * Computes with vectors of 256 bits where V8 makes such of two of 128: an experiment of V8's, for Node.js 24 on x86-64, which is tried in a process of its own first. The bits are
   * the same. Default: false, or true where the environment variable GRADSTREAM_WASM_WIDE is 1.
   */
  readonly wide?: boolean;
}

/** What a probe found: the backend can start, with a detail for people, or it cannot, with the reason and what to do. */
export type WasmSimdProbe =
  | { readonly available: true; readonly detail: string }
  | { readonly available: false; readonly reason: string; readonly remedy: string };

/** A backend that can be asked whether it works here, and started. */
export interface WasmSimdPlugin {
  readonly name: string;
  probe(): Promise<WasmSimdProbe>;
  /** Registers the backend and its kernels with tfjs-core and makes it active. May be called again. */
  start(): Promise<void>;
  /** The kernels that only tfjs-backend-cpu has, and how often each kernel of it ran in place of an own one. Nothing before `start`. */
  fallbacks(): { readonly kernels: readonly string[]; readonly calls: Readonly<Record<string, number>> };
}

const WHERE = 'backend-wasm/wasmSimdBackend';

/** More threads than this are of no use to kernels of this size. */
const MOST_THREADS = 8;

/**
 * The WebAssembly SIMD backend for tfjs-core.
 *
 * Throws `GS_OPTION_*` for wrong options; `start` throws `GS_BACKEND_START` where the engine cannot run it.
 */
export function wasmSimdBackend(options: WasmSimdOptions = {}): WasmSimdPlugin {
  checkOptions(WHERE, options, ['variant', 'threads', 'memoryLimit', 'wide']);
  const { variant, memoryLimit } = options;
  if (variant !== undefined)
    checkChoice(
      WHERE,
      'variant',
      variant,
      variants.map(({ name }) => name),
    );
  if (memoryLimit !== undefined)
    checkNumber(WHERE, 'memoryLimit', memoryLimit, { min: 2 ** 24, max: 2 ** 32, integer: true });
  if (options.threads !== undefined) checkNumber(WHERE, 'threads', options.threads, { min: 1, max: 64, integer: true });
  if (options.wide !== undefined) checkBoolean(WHERE, 'wide', options.wide);
  const wide = options.wide ?? environmentWide();
  const threads = options.threads ?? Math.min(MOST_THREADS, availableThreads());
  return {
    name: WASM_SIMD,
    probe: () => {
      // One that runs knows better: its threads may have failed to start.
      const backend = findBackend(WASM_SIMD);
      if (!(backend instanceof WasmSimdBackend)) return probe(variant, threads, wide);
      return Promise.resolve({ available: true, detail: backend.detail });
    },
    start: async () => {
      if (!(findBackend(WASM_SIMD) instanceof WasmSimdBackend))
        await registerWasmSimd(WASM_SIMD, variant, threads, memoryLimit, wide);
      await setBackend(WASM_SIMD);
    },
    fallbacks: () => {
      const backend = findBackend(WASM_SIMD);
      if (!(backend instanceof WasmSimdBackend)) return { kernels: [], calls: {} };
      return { kernels: backend.servedKernels, calls: backend.fallbacks() };
    },
  };
}

/** Starts a backend and registers it with its kernels under a name. */
export async function registerWasmSimd(
  name: string,
  wanted: VariantName | undefined,
  threads: number,
  memoryLimit?: number,
  wide: boolean = environmentWide(),
): Promise<WasmSimdBackend> {
  const choice = choose(wanted, threads);
  if (choice.variant === undefined) {
    throw new GradstreamError('GS_BACKEND_START', {
      where: WHERE,
      what: 'The backend cannot start',
      expected: 'WebAssembly with 128-bit vector instructions',
      received: choice.reason,
      next: 'Choose another backend, or update the browser or Node.',
    });
  }
  // Kernels are loaded when they are needed: importing the package costs little.
  const [runtime, { registerKernels }] = await Promise.all([
    startRuntime(choice.variant, threads, memoryLimit, choice.reason || undefined, wide),
    import('./internal/register-kernels.js'),
    import('@tensorflow/tfjs-backend-cpu'),
  ]);
  const backend = new WasmSimdBackend(runtime, registerKernels(name));
  registerBackend(name, () => backend, 4);
  return backend;
}

async function probe(wanted: VariantName | undefined, threads: number, wide: boolean): Promise<WasmSimdProbe> {
  const { variant, reason } = choose(wanted, threads);
  if (variant === undefined)
    return { available: false, reason, remedy: 'Update the browser or Node, or choose the backend wasm or cpu.' };
  const count = variant.threads ? threads : 1;
  const why = count < threads ? ` (${reason || `the binary ${variant.name} has no threads`})` : '';
  const vectors = wide ? `, ${describeWide(await compileWide(variant))}` : '';
  return {
    available: true,
    detail: `binary ${variant.name}, ${count} ${count === 1 ? 'thread' : 'threads'}${why}${vectors}`,
  };
}

/** The first binary that this engine can run; the reason says why an earlier one was passed over, or why there is none. */
function choose(wanted: VariantName | undefined, threads: number): { variant: Variant | undefined; reason: string } {
  let reason = '';
  for (const variant of variants) {
    // One thread needs no shared memory, which is a little slower to grow and to read.
    if (wanted === undefined ? variant.threads && threads === 1 : wanted !== variant.name) continue;
    const why = whyNot(variant);
    if (why === undefined) return { variant, reason };
    if (reason === '' || variant.threads) reason = why;
  }
  return { variant: undefined, reason };
}
