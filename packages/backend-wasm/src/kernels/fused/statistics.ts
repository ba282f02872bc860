import { statisticsKernels as kernelsOf } from '@gradstream/backend-kernels';
import { Reduction } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';
import { placeOf, sizeOf } from './operands.js';

const f32 = Math.fround;
type Places = [number, number, number];

/** What is asked about many numbers at once: each is one pass over memory, sums are float64. */
export const statisticsKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>({
  statistics(backend, x) {
    const out = backend.output([7], 'float32');
    const size = sizeOf(x);
    const at = [backend.address(x), size, backend.address(out)] as const;
    backend.runtime.wasm.statistics(...at, backend.scratch(48 * Math.max(1, Math.ceil(size / 16_384))));
    return out;
  },
  globalNorm(backend, tensors, before, limit, outputs) {
    const { runtime } = backend;
    const parts = tensors.map((x) => ({ at: backend.address(x), size: sizeOf(x) }));
    const scratch = backend.scratch(8 * Math.ceil(Math.max(0, ...parts.map(({ size }) => size)) / 16_384));
    const scaleAt = before === undefined ? undefined : placeOf(backend, before);
    const [normAt, clippedAt] = outputs.map((x) => placeOf(backend, x)) as [number, number];
    const bound = limit === undefined ? undefined : f32(limit);
    runtime.aside(() => {
      let sum = 0;
      for (const { at, size } of parts) sum += runtime.wasm.sumOfSquares(at, size, scratch);
      const scale = scaleAt === undefined ? 1 : runtime.floats[scaleAt]!;
      const norm = f32(Math.sqrt(sum) * Math.abs(scale));
      runtime.floats[normAt] = norm;
      // norm - norm is 0 for a finite norm and NaN otherwise.
      runtime.floats[clippedAt] =
        bound === undefined ? scale : f32(f32(bound / Math.max(norm, bound)) + (norm - norm)) * scale;
    });
  },
  runningMean(backend, values, state, outputs) {
    const { runtime } = backend;
    const size = sizeOf(values);
    const [from, scratch] = [backend.address(values), backend.scratch(4)];
    const [oldTotal, oldLack, oldCount] = state.map((x) => placeOf(backend, x)) as Places;
    const [newTotal, newLack, newCount] = outputs.map((x) => placeOf(backend, x)) as Places;
    runtime.aside(() => {
      let sum = 0;
      if (values.dtype === 'bool') {
        const bytes = new Uint8Array(runtime.memory.buffer, from, size);
        for (let index = 0; index < size; index++) sum += bytes[index]!;
      } else {
        runtime.wasm.reduce(Reduction.Sum, from, scratch, 1, size, 1);
        sum = runtime.floats[scratch >>> 2]!;
      }
      const { floats, words } = runtime;
      const old = floats[oldTotal]!;
      const term = f32(f32(sum) - floats[oldLack]!);
      const next = f32(old + term);
      floats[newTotal] = next;
      floats[newLack] = f32(f32(next - old) - term);
      words[newCount] = words[oldCount]! + size;
    });
  },
});
