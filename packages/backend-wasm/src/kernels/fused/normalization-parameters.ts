import { input } from '@gradstream/backend-kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { filled } from '../elementwise/convert.js';
import type { KernelCall } from '../kernel.js';

/** Runs a kernel with the addresses of a scale and an offset; what was left out is 1 or 0 and freed afterwards. */
export function withParameters<T>(
  call: KernelCall,
  names: readonly [scale: string, offset: string],
  n: number,
  run: (scale: number, offset: number) => T,
): T {
  const { backend } = call;
  const made: TensorInfo[] = [];
  const addressOf = (name: string, otherwise: number): number => {
    const given = input(call, name);
    if (given !== undefined) return backend.address(given);
    const constant = filled(backend, [n], 'float32', otherwise)!;
    made.push(constant);
    return backend.address(constant);
  };
  try {
    return run(addressOf(names[0], 1), addressOf(names[1], 0));
  } finally {
    for (const { dataId } of made) backend.disposeData(dataId);
  }
}

/** New tensors of these shapes, with their addresses. */
export function outputsOf(
  { backend }: KernelCall,
  ...shapes: readonly [number[], number[], number[]]
): { outputs: TensorInfo[]; at: readonly [number, number, number] } {
  const outputs = shapes.map((shape) => backend.output(shape, 'float32'));
  return { outputs, at: outputs.map((x) => backend.address(x)) as [number, number, number] };
}
