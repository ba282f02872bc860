import {
  engine,
  getKernel,
  mul,
  registerKernel,
  Tensor,
  unregisterKernel,
  type KernelFunc,
} from '@tensorflow/tfjs-core';

const WEBGPU = 'webgpu';
const MARK = Symbol.for('gradstream.webgpu.cast');

/**
 * Lets webgpu really convert whole numbers and truth values to floats. The stock cast only renames them, and shaders that move data as it is (transposes, and with them
 * sums over all but the last axes) do not compile for what is no float: zeros are left where the result should be.
 */
export function mendCast(): void {
  const stock = getKernel('Cast', WEBGPU) as ReturnType<typeof getKernel> | undefined;
  if (stock === undefined || MARK in stock.kernelFunc) return;
  unregisterKernel('Cast', WEBGPU);
  registerKernel({ ...stock, kernelFunc: Object.assign(mended(stock.kernelFunc), { [MARK]: true }) });
}

function mended(stock: KernelFunc): KernelFunc {
  return (call) => {
    const renamed = stock(call);
    const { x } = call.inputs;
    if (Array.isArray(renamed) || renamed.dtype !== 'float32' || (x!.dtype !== 'int32' && x!.dtype !== 'bool'))
      return renamed;
    const floats = renamed instanceof Tensor ? renamed : engine().makeTensorFromTensorInfo(renamed);
    // An operation that computes converts what it reads.
    const converted = mul(floats, 1);
    floats.dispose();
    return converted;
  };
}
