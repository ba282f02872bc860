import { randomKernels as kernelsOf } from '@gradstream/backend-kernels';
import { Random } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';
import { placeOf, sizeOf } from './operands.js';

const codes = { uniform: Random.Uniform, normal: Random.Normal, dropout: Random.Dropout } as const;

/** Random numbers that are a function of key, counter and place. Normal ones of mean 0 are within 3 ulp of `normalValues`, but that a sine or cosine that is 0 is exactly 0. */
export const randomKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>(
  (backend, kind, { counter, x, y }, key, a, b) => {
    const code = kind === 'uniform' && a !== 0 ? Random.UniformFrom : codes[kind];
    const at = [x === undefined ? 0 : backend.address(x), backend.address(y)] as const;
    const [size, place] = [sizeOf(y), placeOf(backend, counter)];
    const { runtime } = backend;
    runtime.aside(() => runtime.wasm.random(code, ...at, size, runtime.words[place]!, ...key, a, b));
  },
);
