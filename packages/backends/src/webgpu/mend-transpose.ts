import {
  cast,
  getKernel,
  registerKernel,
  tidy,
  transpose,
  unregisterKernel,
  type KernelFunc,
  type Tensor,
} from '@tensorflow/tfjs-core';

const WEBGPU = 'webgpu';
const MARK = Symbol.for('gradstream.webgpu.transpose');

/**
 * Gives webgpu a transpose of whole numbers and truth values. The stock shader is for floats alone: for others it does not compile, which leaves zeros where the
 * result should be. Here they go as floats, exact up to 2^24, as is all arithmetic
 * of whole numbers on this backend.
 */
export function mendTranspose(): void {
  const stock = getKernel('Transpose', WEBGPU) as ReturnType<typeof getKernel> | undefined;
  if (stock === undefined || MARK in stock.kernelFunc) return;
  unregisterKernel('Transpose', WEBGPU);
  registerKernel({ ...stock, kernelFunc: Object.assign(mended(stock.kernelFunc), { [MARK]: true }) });
}

function mended(stock: KernelFunc): KernelFunc {
  return (call) => {
    const { x } = call.inputs as { readonly x: Tensor };
    if (x.dtype !== 'int32' && x.dtype !== 'bool') return stock(call);
    const { perm } = call.attrs as unknown as { readonly perm: number[] };
    return tidy(() => cast(transpose(cast(x, 'float32'), perm), x.dtype));
  };
}
