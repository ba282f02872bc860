import { describeShape, GradstreamError } from '@gradstream/core';
import { fill, util, type Tensor } from '@tensorflow/tfjs-core';

/** What the operations over whole sequences take. */
export interface SequenceOperands {
  /** The input: [batch, steps, features], float32, at least one step. */
  readonly x: Tensor;
  /** The input's weights: [features, gates * units]. */
  readonly kernel: Tensor;
  /** The state's weights: [units, gates * units]. */
  readonly recurrentKernel: Tensor;
  /** None by default. */
  readonly bias?: Tensor | undefined;
  /** The state before the first step: [batch, units]. Zeros by default. */
  readonly h?: Tensor | undefined;
  /** True for steps that count: bool, [batch, steps]. The others keep the states. All of them by default. */
  readonly mask?: Tensor | undefined;
  /** Gives the state after each step, [batch, steps, units], instead of the last one. Default false. */
  readonly returnSequences?: boolean | undefined;
}

/** The sizes of a run. */
export interface SequenceSizes {
  readonly batch: number;
  readonly steps: number;
  readonly features: number;
  readonly units: number;
}

/** Throws `GS_AUTODIFF_SHAPE` unless everything fits together; `states` are what the steps carry. */
export function sequenceSizes(
  where: string,
  { x, kernel, recurrentKernel, bias, mask }: SequenceOperands,
  gates: number,
  biasShape: (units: number) => readonly number[],
  states: readonly (Tensor | undefined)[],
): SequenceSizes {
  const [batch, steps, features] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const fits = (tensor: Tensor | undefined, shape: readonly number[]): boolean =>
    tensor === undefined || util.arraysEqual(tensor.shape, shape as number[]);
  if (
    x.rank === 3 &&
    steps > 0 &&
    units > 0 &&
    fits(kernel, [features, gates * units]) &&
    fits(recurrentKernel, [units, gates * units]) &&
    fits(bias, biasShape(units)) &&
    states.every((state) => fits(state, [batch, units])) &&
    fits(mask, [batch, steps]) &&
    (mask === undefined || mask.dtype === 'bool') &&
    [x, kernel, recurrentKernel, bias, ...states].every((tensor) => tensor === undefined || tensor.dtype === 'float32')
  )
    return { batch, steps, features, units };
  const given = { x, kernel, recurrentKernel, bias, mask };
  const received = Object.entries(given).flatMap(([name, tensor]) =>
    tensor === undefined ? [] : [`${name} ${tensor.dtype} ${describeShape(tensor.shape)}`],
  );
  const carried = states.flatMap((state) => (state === undefined ? [] : [`state ${describeShape(state.shape)}`]));
  throw new GradstreamError('GS_AUTODIFF_SHAPE', {
    where,
    what: 'The operands do not fit together',
    expected: `float32: x [batch, steps, features], kernel [features, ${gates} units], recurrentKernel [units, ${gates} units], bias [${biasShape(1).length === 1 ? '' : '2, '}${gates} units], states [batch, units]; mask bool [batch, steps]`,
    received: [...received, ...carried].join(', '),
    next: 'Build the weights for the width of the input, and the states for its batch.',
  });
}

/** A state of zeros where none was given. */
export function stateOf(state: Tensor | undefined, { batch, units }: SequenceSizes): Tensor {
  return state ?? fill([batch, units], 0);
}
