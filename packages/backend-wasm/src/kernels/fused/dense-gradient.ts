import { denseGradientKernels as kernelsOf, type SlopedActivation } from '@gradstream/backend-kernels';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';
import { multiply } from '../matrix-product.js';
import { writeActivationGradient } from './activation-gradient.js';

/** The gradients of a dense layer in one call. The bits are those of single kernels: the slope times `dy`, products with a transposed operand, a sum over rows. */
export const denseGradientKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>((backend, operands, outputs) => {
  const { dy, y, activation, wanted } = operands;
  const [rows, inputs, units] = operands.sizes;
  // While a step is recorded, what it works in is the recording's own: nobody else may get it between two replays.
  const { blocks, wasm } = backend.runtime;
  const bytes = rows * units * 4;
  let dz = backend.address(dy);
  // Inputs are brought in first, as the outputs have been: what they allocate may move no block, but it may fail.
  const at = { x: backend.address(operands.x), kernel: backend.address(operands.kernel) };
  const own = activation !== 'linear' && bytes > 0 ? blocks.allocate(bytes) : 0;
  if (own > 0) {
    writeActivationGradient(backend, activation as SlopedActivation, dz, backend.address(y!), own, dy.shape);
    dz = own;
  }
  for (const [index, name] of wanted.entries()) {
    const out = backend.address(outputs[index]!);
    if (name === 'x') multiply(backend, { a: dz, b: at.kernel, c: out }, [rows, inputs, units], false, true);
    else if (name === 'kernel') multiply(backend, { a: at.x, b: dz, c: out }, [inputs, units, rows], true, false);
    else wasm.columnSums(dz, out, rows, units);
  }
  if (own > 0) blocks.free(own, bytes);
});
