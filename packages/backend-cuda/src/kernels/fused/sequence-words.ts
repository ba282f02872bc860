import type { RecurrentSizes } from '@gradstream/backend-kernels';

/** The words of `Sequence` in kernels/recurrent.cu. */
export function sequenceWords({ batch, steps, units }: RecurrentSizes, t: number, all: boolean, parts = 1): Int32Array {
  return Int32Array.of(batch, steps, units, t, Number(all), parts);
}
