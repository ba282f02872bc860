import {
  engine,
  getKernel,
  getKernelsForBackend,
  pad,
  registerKernel,
  slice,
  Tensor,
  unregisterKernel,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { cpuHost, registerFallbacks, servedBy, type CpuHost } from '../../cpu/cpu-fallback.js';
import { optionalPackage } from '../../internal/optional-package.js';
import type { PackageBackend } from './package-backend.js';

const TENSORFLOW = 'tensorflow';
/** What tells that a kernel does not do what it is asked for, in words of tfjs-node and of TensorFlow. Other errors are errors. */
const REFUSAL = /TF Backend supports only|TF_Status: 12\b|[Dd]ilation (depth|rate|.*must be 1)/;
/** Text and ragged tensors: what is copied has to be numbers. */
const NOT_NUMBERS = /^String|^Ragged|^Draw$/;
const MARK = Symbol.for('gradstream.tensorflow.filled');

interface Convolution {
  readonly pad: unknown;
  readonly inputShape?: readonly number[];
}

/**
 * Makes the backend whole, once: kernels that it lacks, and what its kernels refuse (numbers as padding of pooling, dilation in three dimensions), run on the cpu
 * backend and are counted; gradients of convolutions take explicit padding by padding and cutting.
 */
export async function fillGaps(backend: PackageBackend): Promise<void> {
  if (MARK in backend) return;
  const read = backend.readSync.bind(backend);
  Object.assign(backend, {
    [MARK]: true,
    readSync: (dataId: object) => {
      // Asking for data brings it here from another backend; the stock backend does not ask before it reads.
      backend.tensorMap.get(dataId);
      return read(dataId);
    },
    makeOutput: (shape: number[], dtype: string, _: null, values: ArrayLike<number>): TensorInfo => ({
      dataId: backend.write(values, shape, dtype),
      shape,
      dtype: dtype as TensorInfo['dtype'],
    }),
  });
  for (const [name, wrap] of Object.entries(EXPLICIT)) replace(name, wrap);
  const cpu = await optionalPackage('@tensorflow/tfjs-backend-cpu', () => import('@tensorflow/tfjs-backend-cpu'));
  if (!('found' in cpu)) return;
  const known = getKernelsForBackend('cpu').map(({ kernelName }) => kernelName);
  const numeric = known.filter((name) => !NOT_NUMBERS.test(name));
  registerFallbacks(TENSORFLOW, numeric, cpu);
  const host: CpuHost = cpuHost(cpu.found);
  for (const name of numeric) {
    const served = servedBy(host, name, TENSORFLOW);
    replace(name, (stock) => orServed(stock, served));
  }
}

function orServed(stock: KernelFunc, served: KernelFunc): KernelFunc {
  return (call) => {
    try {
      return stock(call);
    } catch (error) {
      if (error instanceof Error && REFUSAL.test(error.message)) return served(call);
      throw error;
    }
  };
}

/** Puts another kernel in the place of one of this backend; one that the cpu backend serves already stays. */
function replace(name: string, wrap: (stock: KernelFunc) => KernelFunc): void {
  const kernel = getKernel(name, TENSORFLOW) as ReturnType<typeof getKernel> | undefined;
  if (kernel === undefined) return;
  unregisterKernel(name, TENSORFLOW);
  registerKernel({ ...kernel, kernelFunc: wrap(kernel.kernelFunc) });
}

/** The zeros around an image, by dimension; undefined where the padding is no list of numbers with one of them above 0. */
function explicit(padding: unknown): [number, number][] | undefined {
  if (typeof padding === 'number' && padding > 0)
    return [
      [0, 0],
      [padding, padding],
      [padding, padding],
      [0, 0],
    ];
  const isList = Array.isArray(padding) && padding.length === 4 && padding.flat().some((count) => count > 0);
  return isList ? (padding as [number, number][]) : undefined;
}

/** Kernels give descriptions of tensors, and those of tfjs-node tensors. */
const asTensor = (result: TensorInfo | TensorInfo[]): Tensor =>
  result instanceof Tensor ? result : engine().makeTensorFromTensorInfo(result as TensorInfo);

/** The gradient by the input: that of the padded input, cut. */
const byInput =
  (stock: KernelFunc): KernelFunc =>
  (call) => {
    const attrs = call.attrs as unknown as Convolution;
    const zeros = explicit(attrs.pad);
    if (zeros === undefined) return stock(call);
    const inputShape = attrs.inputShape!.map((size, axis) => size + zeros[axis]![0] + zeros[axis]![1]);
    const whole = asTensor(stock({ ...call, attrs: { ...call.attrs, pad: 'valid', inputShape } }));
    const part = slice(
      whole,
      zeros.map(([before]) => before),
      [...attrs.inputShape!],
    );
    whole.dispose();
    return part;
  };

/** The gradient by the filter: that of the padded input. */
const byFilter =
  (stock: KernelFunc): KernelFunc =>
  (call) => {
    const zeros = explicit((call.attrs as unknown as Convolution).pad);
    if (zeros === undefined) return stock(call);
    const x = pad(call.inputs['x'] as Tensor, zeros);
    const result = stock({ ...call, inputs: { ...call.inputs, x }, attrs: { ...call.attrs, pad: 'valid' } });
    x.dispose();
    return result;
  };

const EXPLICIT: Readonly<Record<string, (stock: KernelFunc) => KernelFunc>> = {
  Conv2DBackpropInput: byInput,
  Conv2DBackpropFilter: byFilter,
  DepthwiseConv2dNativeBackpropInput: byInput,
  DepthwiseConv2dNativeBackpropFilter: byFilter,
};
