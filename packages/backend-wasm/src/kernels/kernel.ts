import type { Kernel as BackendKernel, KernelCall as BackendKernelCall } from '@gradstream/backend-kernels';
import type { WasmSimdBackend } from '../wasm-simd-backend.js';

/** What a kernel is called with. */
export type KernelCall = BackendKernelCall<WasmSimdBackend>;

/** One kernel of this backend under its tfjs name; see @gradstream/backend-kernels. */
export type Kernel = BackendKernel<WasmSimdBackend>;
