import type { Tensor } from '@tensorflow/tfjs-core';

/** All outputs of a call, as a list. */
export function outputsOf(result: Tensor | readonly Tensor[]): readonly Tensor[] {
  return Array.isArray(result) ? (result as readonly Tensor[]) : [result as Tensor];
}

/** The only output of a call. Throws where there are several. */
export function outputOf(result: Tensor | readonly Tensor[]): Tensor {
  const outputs = outputsOf(result);
  if (outputs.length !== 1) throw new Error(`There are ${outputs.length} outputs where one was expected`);
  return outputs[0]!;
}
