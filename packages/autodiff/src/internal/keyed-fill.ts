import { checkNumber, type RandomKey } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { StepCounter } from '../step-counter.js';
import { hasKernel, runKernel } from './run-kernel.js';

/** What a random fill is a function of. */
interface KeyedFill {
  readonly shape: readonly number[];
  readonly key: RandomKey;
  readonly counter: StepCounter | number;
  /** What else the kernel takes. */
  readonly attributes: Readonly<Record<string, number>>;
}

/** Random numbers by the backend's kernel where it has one and the counter is on the device, else by the host. */
export function keyedFill(
  kernelName: string,
  { shape, key, counter, attributes }: KeyedFill,
  onHost: (step: number) => Tensor,
): Tensor {
  if (typeof counter === 'number') {
    return onHost(
      checkNumber(`autodiff/${kernelName}`, 'counter', counter, {
        integer: true,
        min: 0,
        max: Number.MAX_SAFE_INTEGER,
      }),
    );
  }
  if (!hasKernel(kernelName)) return onHost(counter.value);
  return runKernel(
    kernelName,
    { counter: counter.tensor },
    { shape: [...shape], keyLow: key.low, keyHigh: key.high, ...attributes },
  );
}
