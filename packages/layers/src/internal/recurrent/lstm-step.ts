import type { Activation } from '@gradstream/activations';
import { add, mul, split, type Tensor } from '@tensorflow/tfjs-core';

/** The new states of an LSTM from its gates before their activations, in the order input, forget, candidate, output: `c' = f c + i g`, `h' = o activation(c')`. */
export function lstmStep(
  z: Tensor,
  c: Tensor,
  activation: Activation,
  gate: Activation,
): readonly [h: Tensor, c: Tensor] {
  const [input, forget, candidate, output] = split(z, 4, -1) as [Tensor, Tensor, Tensor, Tensor];
  const cell = add(mul(gate(forget), c), mul(gate(input), activation(candidate)));
  return [mul(gate(output), activation(cell)), cell];
}
