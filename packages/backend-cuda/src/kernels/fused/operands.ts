import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Address } from '../../driver/driver.js';
import type { KernelCall } from '../kernel.js';

/** An input by name; undefined where it was not given. */
export function input({ inputs }: KernelCall, name: string): TensorInfo | undefined {
  return (inputs[name] as TensorInfo | null | undefined) ?? undefined;
}

/** Where an input lies; 0 for one that was not given. */
export function addressOr0(call: KernelCall, name: string): Address {
  const x = input(call, name);
  return x === undefined ? 0 : call.backend.address(x);
}

/** True for float32, of the given shape where there is one. */
export function isFloat(x: TensorInfo | undefined, shape?: readonly number[]): x is TensorInfo {
  return x?.dtype === 'float32' && (shape === undefined || util.arraysEqual(x.shape, shape as number[]));
}

/** True for float32 with so many elements, or for nothing where that is allowed. */
export function isFloats(x: TensorInfo | undefined, size: number): boolean {
  return x === undefined || (x.dtype === 'float32' && util.sizeFromShape(x.shape) === size);
}
