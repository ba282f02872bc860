import { checkChoice, checkNumber, checkOptions, GradstreamError } from '@gradstream/core';
import { findBackend, registerBackend } from '@tensorflow/tfjs-core';
import { variants, whyNot } from './internal/binaries/variants.js';
import type { Variant, VariantName } from './internal/binaries/variants.js';
import { registerKernels } from './internal/register-kernels.js';
import { startRuntime } from './internal/runtime.js';
import { WasmSimdBackend } from './wasm-simd-backend.js';

/** The name under which tfjs knows this backend. */
export const WASM_SIMD = 'wasm-simd';

/** Options of `wasmSimdBackend`. */
export interface WasmSimdOptions {
  /** The binary to run, instead of the fastest that this engine can. */
  readonly variant?: VariantName;
  /** The most bytes that tensors may hold together, up to 4 GiB. */
  readonly memoryLimit?: number;
}

/** What a probe found: the backend can start, with a detail for people, or it cannot, with the reason and what to do. */
export type WasmSimdProbe =
  | { readonly available: true; readonly detail: string }
  | { readonly available: false; readonly reason: string; readonly remedy: string };

/** A backend that can be asked whether it works here, and started. */
export interface WasmSimdPlugin {
  readonly name: string;
  probe(): Promise<WasmSimdProbe>;
  /** Registers the backend and its kernels with tfjs-core; `tf.setBackend` then selects it. Once is enough. */
  start(): Promise<void>;
}

const WHERE = 'backend-wasm/wasmSimdBackend';

/**
 * The WebAssembly SIMD backend for tfjs-core.
 *
 * Throws `GS_OPTION_*` for wrong options; `start` throws `GS_BACKEND_START` where the engine cannot run it.
 */
export function wasmSimdBackend(options: WasmSimdOptions = {}): WasmSimdPlugin {
  checkOptions(WHERE, options, ['variant', 'memoryLimit']);
  const { variant: wanted, memoryLimit } = options;
  if (wanted !== undefined)
    checkChoice(
      WHERE,
      'variant',
      wanted,
      variants.map(({ name }) => name),
    );
  if (memoryLimit !== undefined)
    checkNumber(WHERE, 'memoryLimit', memoryLimit, { min: 2 ** 24, max: 2 ** 32, integer: true });
  return {
    name: WASM_SIMD,
    probe: () => Promise.resolve(probe(wanted)),
    start: async () => {
      if (findBackend(WASM_SIMD) instanceof WasmSimdBackend) return;
      const { variant, reason } = choose(wanted);
      if (variant === undefined) {
        throw new GradstreamError('GS_BACKEND_START', {
          where: WHERE,
          what: 'The backend cannot start',
          expected: 'WebAssembly with 128-bit vector instructions',
          received: reason,
          next: 'Choose another backend, or update the browser or Node.',
        });
      }
      const [runtime] = await Promise.all([startRuntime(variant, memoryLimit), import('@tensorflow/tfjs-backend-cpu')]);
      registerKernels(WASM_SIMD);
      const backend = new WasmSimdBackend(runtime);
      registerBackend(WASM_SIMD, () => backend, 4);
    },
  };
}

function probe(wanted: VariantName | undefined): WasmSimdProbe {
  const { variant, reason } = choose(wanted);
  if (variant === undefined)
    return { available: false, reason, remedy: 'Update the browser or Node, or choose the backend wasm or cpu.' };
  return { available: true, detail: `binary ${variant.name}` };
}

/** The first binary that this engine can run, or why there is none. */
function choose(
  wanted: VariantName | undefined,
): { variant: Variant; reason: '' } | { variant: undefined; reason: string } {
  let reason = '';
  for (const variant of variants) {
    if (wanted === undefined ? variant.threads : wanted !== variant.name) continue;
    const why = whyNot(variant);
    if (why === undefined) return { variant, reason: '' };
    reason = why;
  }
  return { variant: undefined, reason };
}
