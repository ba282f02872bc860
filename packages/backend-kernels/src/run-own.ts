import { GradstreamError, describeShape } from '@gradstream/core';
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel.js';

/** Runs one of some kernels by name. Throws `GS_BACKEND_KERNEL` where it does not cover what it got. */
export type RunOwn<B> = (
  backend: B,
  name: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs?: object,
) => TensorInfo;

/** Kernels of a backend by name, for a kernel that is made of others; `where` is the package that an error names, such as `backend-wasm`. */
export function runOwn<B>(where: string, kernels: readonly Kernel<B>[]): RunOwn<B> {
  const own = new Map(kernels.map((kernel) => [kernel.name, kernel]));
  return (backend, name, inputs, attrs = {}) => {
    const call = { inputs: inputs as NamedTensorInfoMap, attrs: attrs as NamedAttrMap, backend };
    const result = own.get(name)?.run(call);
    if (result === undefined) throw uncovered(where, name, call.inputs, call.attrs);
    return Array.isArray(result) ? result[0]! : result;
  };
}

/** The error of a kernel that got what it does not cover. */
export function uncovered(
  where: string,
  name: string,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
): GradstreamError {
  const described = Object.entries(inputs).flatMap(([key, x]) =>
    Array.isArray(x) || x === undefined || x === null ? [] : [`${key} ${x.dtype} ${describeShape(x.shape)}`],
  );
  return new GradstreamError('GS_BACKEND_KERNEL', {
    where: `${where}/${name}`,
    what: 'The kernel does not cover what it got',
    expected: 'shapes, dtypes and attributes that this kernel documents',
    received: `${described.join(', ')}; attributes ${JSON.stringify(attrs)}`,
    next: 'Cast the inputs to float32, or use the cpu backend for this operation.',
  });
}
