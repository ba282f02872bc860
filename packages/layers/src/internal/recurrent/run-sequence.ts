import { cast, reshape, stack, unstack, where, zeros, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import type { CallContext, Mask } from '../../layer.js';
import type { RecurrentCell } from '../../recurrent/recurrent-cell.js';

/** What a run along time gives. */
export interface SequenceResult {
  /** The last output, or all outputs `[batch, steps, ...]`. */
  readonly output: Tensor;
  readonly states: readonly Tensor[];
}

/** What is run along time. */
export interface SequenceRun {
  readonly cell: RecurrentCell;
  readonly weights: Readonly<Record<string, Tensor>>;
  /** `[batch, steps, ...]`. */
  readonly x: Tensor;
  /** `[batch, steps]`, true for steps that count. */
  readonly mask: Mask;
  /** The states before the first step; none for zeros. */
  readonly initial: readonly Tensor[] | undefined;
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
  readonly zeroOutputForMask: boolean;
  /** That of the cell. */
  readonly context: CallContext;
}

/** Runs any cell step by step. A masked step keeps the states and repeats the output before it, zeros before the first real step. */
export function runSequence(run: SequenceRun): SequenceResult {
  const { cell, weights, x, mask, returnSequences, goBackwards, zeroOutputForMask, context } = run;
  const inOrder = (list: Tensor[]): Tensor[] => (goBackwards ? list.toReversed() : list);
  const steps = inOrder(unstack(x, 1));
  const masks = mask === undefined ? undefined : inOrder(unstack(asBool(mask), 1));
  let states = run.initial ?? zeroStates(cell, x);
  let output: Tensor | undefined;
  const outputs: Tensor[] = [];
  steps.forEach((step, time) => {
    const [now, ...next] = cell.call(weights, [step, ...states], context) as readonly Tensor[];
    const real = masks?.[time];
    if (real === undefined) {
      output = now!;
      states = next;
    } else {
      const before = zeroOutputForMask || output === undefined ? zerosLike(now!) : output;
      output = choose(real, now!, before);
      states = next.map((state, index) => choose(real, state, states[index]!));
    }
    if (returnSequences) outputs.push(output);
  });
  return { output: returnSequences ? stack(outputs, 1) : output!, states };
}

/** States of zeros. */
export function zeroStates(cell: RecurrentCell, x: Tensor): readonly Tensor[] {
  const [batch, , ...rest] = x.shape as [number, number, ...number[]];
  return cell.stateShapes([batch, ...rest]).map((shape) => zeros([batch, ...(shape as number[])]));
}

/** A mask as truth values. */
export function asBool(mask: Tensor): Tensor {
  return mask.dtype === 'bool' ? mask : cast(mask, 'bool');
}

/** Of each example the one or the other. */
function choose(real: Tensor, one: Tensor, other: Tensor): Tensor {
  return where(reshape(real, [real.size, ...one.shape.slice(1).map(() => 1)]), one, other);
}
