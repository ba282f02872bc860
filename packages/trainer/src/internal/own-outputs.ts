import type { Tensor } from '@tensorflow/tfjs-core';

/** A model's outputs as tensors of their own: none is an input, none comes twice. */
export function ownOutputs(outputs: readonly Tensor[], inputs: readonly Tensor[]): readonly Tensor[] {
  return outputs.map((output, index) =>
    inputs.includes(output) || outputs.indexOf(output) < index ? output.clone() : output,
  );
}
