import type { TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../internal/elements.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn, type KernelName } from '../../internal/modules.js';
import type { Kernel, KernelCall } from '../kernel.js';
import { input, isFloat } from './operands.js';

const kernels = kernelsIn('random', {
  random_uniform: 'pipiidd',
  random_normal: 'pipiiff',
  random_dropout: 'ppipiiif',
});

/**
 * Random numbers that are a function of key, counter and place: Philox4x32-10 in the layout of `randomBits` of @gradstream/core.
 *
 * Input `counter`, an int32 scalar, which is read on the device: a captured step draws new numbers each time. Attributes `keyLow`, `keyHigh`. `GradstreamUniform`
 * (`shape`, `min`, `max`) gives the bits of `uniformValues`, `GradstreamNormal` (`shape`, `mean`, `deviation`) `normalValues` within some units of the last place,
 * `GradstreamDropout` (input `x`, `rate`) multiplies by the mask that `randomBits` gives.
 */
export const randomKernels: readonly Kernel[] = [
  {
    name: 'GradstreamUniform',
    run: (call) => {
      const [min, max] = [call.attrs['min'] as number, call.attrs['max'] as number];
      return filled(call, kernels.random_uniform, [min, Math.fround(max - min)]);
    },
  },
  {
    name: 'GradstreamNormal',
    run: (call) =>
      filled(call, kernels.random_normal, [call.attrs['mean'] as number, call.attrs['deviation'] as number]),
  },
  {
    name: 'GradstreamDropout',
    run: (call) => {
      const x = input(call, 'x');
      const rate = call.attrs['rate'] as number;
      if (!isFloat(x) || !(rate >= 0 && rate < 1)) return undefined;
      // The words are compared as whole numbers: at least a fraction is at least the next whole number.
      const threshold = Math.ceil(Math.fround(rate) * 2 ** 24);
      return drawn(call, kernels.random_dropout, [call.backend.address(x)], x.shape, [threshold, 1 / (1 - rate)]);
    },
  },
];

function filled(call: KernelCall, kernel: KernelName, numbers: readonly number[]): TensorInfo | undefined {
  return numbers.every(Number.isFinite) ? drawn(call, kernel, [], call.attrs['shape'] as number[], numbers) : undefined;
}

function drawn(
  call: KernelCall,
  kernel: KernelName,
  from: readonly number[],
  shape: readonly number[],
  numbers: readonly number[],
): TensorInfo | undefined {
  const counter = input(call, 'counter');
  const { backend, attrs } = call;
  if (counter?.dtype !== 'int32' || sizeOf(counter) !== 1) return undefined;
  const y = backend.output(shape, 'float32');
  const size = sizeOf(y);
  const key = [attrs['keyLow'] as number, attrs['keyHigh'] as number];
  const values = [...from, backend.address(y), size, backend.address(counter), ...key, ...numbers];
  if (size > 0) backend.runtime.launch(kernel, gridFor(size, 4), THREADS, values);
  return y;
}
