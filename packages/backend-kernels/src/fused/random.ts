import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, KernelCall, OutputBackend } from '../kernel.js';
import { input, isFloat } from './operands.js';

/**
 * What a backend does itself for random numbers: it writes y. Uniform numbers are from `a` on, `b` apart at the most; normal ones of mean `a` and deviation `b`;
 * of dropout, x where a word of 24 bits is at least `a`, times `b`. The counter is read when the kernel runs: a recorded step draws new numbers each time.
 */
export type DrawRandom<B> = (
  backend: B,
  kind: 'uniform' | 'normal' | 'dropout',
  tensors: { readonly counter: TensorInfo; readonly x: TensorInfo | undefined; readonly y: TensorInfo },
  key: readonly [low: number, high: number],
  a: number,
  b: number,
) => void;

/**
 * Random numbers that are a function of key, counter and place: Philox4x32-10 in the layout of `randomBits` of @gradstream/core.
 *
 * Input `counter`, an int32 scalar; attributes `keyLow`, `keyHigh`. `GradstreamUniform` (`shape`, `min`, `max`) gives the bits of `uniformValues`.
 * `GradstreamNormal` (`shape`, `mean`, `deviation`) computes in float32 what `normalValues` does in float64. `GradstreamDropout` (input `x`, `rate`) multiplies by the
 * mask that `randomBits` gives.
 */
export function randomKernels<B extends OutputBackend>(draw: DrawRandom<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'GradstreamUniform',
      run: (call) => {
        const [min, max] = [call.attrs['min'] as number, call.attrs['max'] as number];
        return filled(draw, call, 'uniform', min, Math.fround(max - min));
      },
    },
    {
      name: 'GradstreamNormal',
      run: (call) => filled(draw, call, 'normal', call.attrs['mean'] as number, call.attrs['deviation'] as number),
    },
    {
      name: 'GradstreamDropout',
      run: (call) => {
        const x = input(call, 'x');
        const rate = call.attrs['rate'] as number;
        if (!isFloat(x) || !(rate >= 0 && rate < 1)) return undefined;
        // The words are compared as whole numbers: at least a fraction is at least the next whole number.
        const threshold = Math.ceil(Math.fround(rate) * 2 ** 24);
        return drawn(draw, call, 'dropout', x, x.shape, threshold, 1 / (1 - rate));
      },
    },
  ];
}

function filled<B extends OutputBackend>(
  draw: DrawRandom<B>,
  call: KernelCall<B>,
  kind: 'uniform' | 'normal',
  a: number,
  b: number,
): TensorInfo | undefined {
  return Number.isFinite(a) && Number.isFinite(b)
    ? drawn(draw, call, kind, undefined, call.attrs['shape'] as number[], a, b)
    : undefined;
}

function drawn<B extends OutputBackend>(
  draw: DrawRandom<B>,
  call: KernelCall<B>,
  kind: 'uniform' | 'normal' | 'dropout',
  x: TensorInfo | undefined,
  shape: number[],
  a: number,
  b: number,
): TensorInfo | undefined {
  const counter = input(call, 'counter');
  const { backend, attrs } = call;
  if (counter?.dtype !== 'int32' || util.sizeFromShape(counter.shape) !== 1) return undefined;
  const y = backend.output(shape, 'float32');
  draw(backend, kind, { counter, x, y }, [attrs['keyLow'] as number, attrs['keyHigh'] as number], a, b);
  return y;
}
