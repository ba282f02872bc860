import { GradstreamError, describeShape } from '@gradstream/core';
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../cuda-backend.js';
import type { Kernel } from './kernel.js';

/** Runs one of some kernels by name, for a kernel that is made of others. Throws `GS_BACKEND_KERNEL` where it does not cover what it got. */
export function runOwn(
  backend: CudaBackend,
  kernels: readonly Kernel[],
  name: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs: object = {},
): TensorInfo {
  const call = { inputs: inputs as NamedTensorInfoMap, attrs: attrs as NamedAttrMap, backend };
  const result = kernels.find((kernel) => kernel.name === name)?.run(call);
  if (result === undefined) throw uncovered(name, call.inputs, call.attrs);
  return Array.isArray(result) ? result[0]! : result;
}

/** The error of a kernel that got what it does not cover. */
export function uncovered(name: string, inputs: NamedTensorInfoMap, attrs: NamedAttrMap): GradstreamError {
  const described = Object.entries(inputs).flatMap(([key, x]) =>
    Array.isArray(x) || x === undefined || x === null ? [] : [`${key} ${x.dtype} ${describeShape(x.shape)}`],
  );
  return new GradstreamError('GS_BACKEND_KERNEL', {
    where: `backend-cuda/${name}`,
    what: 'The kernel does not cover what it got',
    expected: 'shapes, dtypes and attributes that this kernel documents',
    received: `${described.join(', ')}; attributes ${JSON.stringify(attrs)}`,
    next: 'Cast the inputs to float32, or use the cpu backend for this operation.',
  });
}
