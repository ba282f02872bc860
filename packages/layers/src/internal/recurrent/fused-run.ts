import { activationName } from '@gradstream/activations';
import { keyedDropout } from '@gradstream/autodiff';
import { foldIn } from '@gradstream/core';
import { mul, ones, reverse, slice, squeeze, type Tensor } from '@tensorflow/tfjs-core';
import type { GatedCellOptions } from '../../recurrent/cell-options.js';
import { cellParts, gateActivation } from './cell-parts.js';
import { maskOutput } from './mask-output.js';
import { asBool, type SequenceResult, type SequenceRun } from './run-sequence.js';

/** A whole sequence in one operation: `h` are the states after each step or after the last, `rest` what else is carried. */
export type SequenceOperation = (operands: {
  readonly x: Tensor;
  readonly kernel: Tensor;
  readonly recurrentKernel: Tensor;
  readonly bias: Tensor | undefined;
  readonly initial: readonly Tensor[] | undefined;
  readonly mask: Tensor | undefined;
  readonly returnSequences: boolean;
}) => { readonly h: Tensor; readonly rest: readonly Tensor[] };

/** Runs a cell of tanh and sigmoid in one operation; undefined for other activations. A run that drops parts of the state is not covered. */
export function fusedRun(
  where: string,
  options: GatedCellOptions,
  operation: SequenceOperation,
): ((run: SequenceRun) => SequenceResult | undefined) | undefined {
  const { activation, dropout, recurrentDropout } = cellParts(where, options);
  const usual =
    activationName(activation) === 'tanh' && activationName(gateActivation(where, options).gate) === 'sigmoid';
  if (!usual) return undefined;
  return (run) => {
    const { context, goBackwards, returnSequences, weights, initial } = run;
    if (context.training && recurrentDropout > 0) return undefined;
    const inOrder = (tensor: Tensor): Tensor => (goBackwards ? reverse(tensor, 1) : tensor);
    const [batch, steps, features] = run.x.shape as [number, number, number];
    let x = inOrder(run.x);
    if (context.training && dropout > 0) {
      // The cell drops parts of each step's input by one mask of the shape of one step.
      const kept = keyedDropout(ones([batch, 1, features]), dropout, foldIn(context.key, 'dropout'), context.step);
      x = mul(x, kept);
    }
    const mask = run.mask === undefined ? undefined : inOrder(asBool(run.mask));
    const { h, rest } = operation({
      x,
      kernel: weights['kernel']!,
      recurrentKernel: weights['recurrent_kernel']!,
      bias: weights['bias'],
      initial,
      mask,
      returnSequences,
    });
    const last = (): Tensor => {
      if (!returnSequences) return h;
      return squeeze(slice(h, [0, steps - 1, 0], [batch, 1, h.shape[2]!]), [1]);
    };
    return { output: mask === undefined ? h : maskOutput(h, mask, run), states: [last(), ...rest] };
  };
}
