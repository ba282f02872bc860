import { denseGradientKernels as kernelsOf, type SlopedActivation } from '@gradstream/backend-kernels';
import type { CudaBackend } from '../../cuda-backend.js';
import type { Address } from '../../driver/driver.js';
import { multiply } from '../gemm.js';
import type { Kernel } from '../kernel.js';
import { reduce } from '../reduction/reduce.js';
import { writeActivationGradient } from './activation-gradient.js';

/** The gradients of a dense layer in one call. */
export const denseGradientKernels: readonly Kernel[] = kernelsOf<CudaBackend>((backend, operands, outputs) => {
  const { dy, y, activation, wanted, sizes } = operands;
  const [rows, , units] = sizes;
  const at = { x: backend.address(operands.x), kernel: backend.address(operands.kernel) };
  const all = (dz: Address): void => {
    for (const [index, name] of wanted.entries()) write(backend, name, dz, at, backend.address(outputs[index]!), sizes);
  };
  if (activation === 'linear' || rows * units === 0) return all(backend.address(dy));
  backend.runtime.withScratch(rows * units * 4, (dz) => {
    const from = [backend.address(dy), backend.address(y!)] as const;
    writeActivationGradient(backend, activation as SlopedActivation, [...from, dz], dy.shape);
    all(dz);
  });
});

function write(
  backend: CudaBackend,
  name: string,
  dz: Address,
  at: { readonly x: Address; readonly kernel: Address },
  to: Address,
  [rows, inputs, units]: readonly [number, number, number],
): void {
  if (name === 'x') multiply(backend, { a: dz, b: at.kernel, c: to }, [rows, inputs, units], false, true);
  else if (name === 'kernel') multiply(backend, { a: at.x, b: dz, c: to }, [inputs, units, rows], true, false);
  else reduce(backend, 'float_Sum', dz, to, [1, rows, units]);
}
