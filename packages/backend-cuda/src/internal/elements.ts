import { GradstreamError, describeShape } from '@gradstream/core';
import { util } from '@tensorflow/tfjs-core';

/** Kernels count elements in 32 bits. */
const MOST = 2 ** 31 - 1;

/** The number of elements of a tensor. Throws `GS_BACKEND_KERNEL` above 2^31 - 1. */
export function sizeOf({ shape }: { readonly shape: readonly number[] }): number {
  const size = util.sizeFromShape(shape as number[]);
  if (size <= MOST) return size;
  throw new GradstreamError('GS_BACKEND_KERNEL', {
    where: 'backend-cuda',
    what: 'A tensor has too many elements',
    expected: `at most ${MOST}`,
    received: `${size}, shape ${describeShape(shape as number[])}`,
    next: 'Split it along its first dimension.',
  });
}
