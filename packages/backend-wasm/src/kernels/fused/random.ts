import type { TensorInfo } from '@tensorflow/tfjs-core';
import { Random } from '../../internal/codes.js';
import type { Kernel, KernelCall } from '../kernel.js';
import { input, isFloat, placeOf, sizeOf } from './operands.js';

/**
 * Random numbers that are a function of key, counter and place: Philox4x32-10 in the layout of `randomBits` of @gradstream/core.
 *
 * Input `counter`, an int32 scalar; attributes `keyLow`, `keyHigh`. `GradstreamUniform` (`shape`, `min`, `max`) gives the bits of `uniformValues`.
 * `GradstreamNormal` (`shape`, `mean`, `deviation`) computes in float32 what `normalValues` does in float64: with mean 0 within 3 ulp of it, but that a sine or
 * cosine that is 0 is exactly 0. `GradstreamDropout` (input `x`, `rate`) multiplies by the mask that `randomBits` gives.
 */
export const randomKernels: readonly Kernel[] = [
  {
    name: 'GradstreamUniform',
    run: (call) => {
      const [min, max] = [call.attrs['min'] as number, call.attrs['max'] as number];
      return filled(call, min === 0 ? Random.Uniform : Random.UniformFrom, min, Math.fround(max - min));
    },
  },
  {
    name: 'GradstreamNormal',
    run: (call) => filled(call, Random.Normal, call.attrs['mean'] as number, call.attrs['deviation'] as number),
  },
  {
    name: 'GradstreamDropout',
    run: (call) => {
      const x = input(call, 'x');
      const rate = call.attrs['rate'] as number;
      if (!isFloat(x) || !(rate >= 0 && rate < 1)) return undefined;
      // The words are compared as whole numbers: at least a fraction is at least the next whole number.
      const threshold = Math.ceil(Math.fround(rate) * 2 ** 24);
      return drawn(call, Random.Dropout, x, x.shape, threshold, 1 / (1 - rate));
    },
  },
];

function filled(call: KernelCall, kind: Random, a: number, b: number): TensorInfo | undefined {
  return Number.isFinite(a) && Number.isFinite(b)
    ? drawn(call, kind, undefined, call.attrs['shape'] as number[], a, b)
    : undefined;
}

function drawn(
  call: KernelCall,
  kind: Random,
  x: TensorInfo | undefined,
  shape: number[],
  a: number,
  b: number,
): TensorInfo | undefined {
  const counter = input(call, 'counter');
  const { backend, attrs } = call;
  if (counter?.dtype !== 'int32' || sizeOf(counter) !== 1) return undefined;
  const y = backend.output(shape, 'float32');
  const at = [x === undefined ? 0 : backend.address(x), backend.address(y)] as const;
  const key = [attrs['keyLow'] as number, attrs['keyHigh'] as number] as const;
  const [size, place] = [sizeOf(y), placeOf(backend, counter)];
  const { runtime } = backend;
  runtime.aside(() => runtime.wasm.random(kind, ...at, size, runtime.words[place]!, ...key, a, b));
  return y;
}
