import type { KernelCall } from '../kernel.js';
import { input, isFloat } from './operands.js';

/** The sizes of a recurrent layer's run over whole sequences. */
export interface RecurrentSizes {
  readonly batch: number;
  readonly steps: number;
  readonly features: number;
  readonly units: number;
}

/** True where all states are outputs, not only the last one. */
export const givesSequences = ({ attrs }: Pick<KernelCall<unknown>, 'attrs'>): boolean => attrs['sequences'] === true;

/** The sizes of a forward run of 4 (LSTM) or 3 gates (GRU), or undefined where an input does not fit; `states` are the names of the first states. */
export function forwardSizes(
  call: KernelCall<unknown>,
  gates: 3 | 4,
  states: readonly string[],
): RecurrentSizes | undefined {
  const [x, recurrent, bias] = [input(call, 'x'), input(call, 'recurrentKernel'), input(call, 'bias')];
  if (!isFloat(x) || x.shape.length !== 3 || recurrent?.shape.length !== 2) return undefined;
  const [batch, steps, features] = x.shape as [number, number, number];
  const units = recurrent.shape[0]!;
  const fits =
    steps > 0 &&
    units > 0 &&
    isFloat(input(call, 'kernel'), [features, gates * units]) &&
    isFloat(recurrent, [units, gates * units]) &&
    (bias === undefined || isFloat(bias, gates === 3 ? [2, 3 * units] : [gates * units])) &&
    states.every((name) => isFloat(input(call, name), [batch, units])) &&
    maskFits(call, batch, steps);
  return fits ? { batch, steps, features, units } : undefined;
}

/** The sizes of a backward run, or undefined where an input does not fit; `kept` are the names of what the forward run kept of each step. */
export function backwardSizes(
  call: KernelCall<unknown>,
  gates: 3 | 4,
  kept: readonly string[],
): RecurrentSizes | undefined {
  const [all, recurrent, x] = [input(call, 'gates'), input(call, 'recurrentKernel'), input(call, 'x')];
  if (!isFloat(all) || all.shape.length !== 3 || recurrent?.shape.length !== 2 || x?.shape.length !== 3)
    return undefined;
  const [batch, steps] = all.shape as [number, number, number];
  const units = recurrent.shape[0]!;
  const features = x.shape[2]!;
  const fits =
    steps > 0 &&
    units > 0 &&
    isFloat(x, [batch, steps, features]) &&
    all.shape[2] === gates * units &&
    isFloat(recurrent, [units, gates * units]) &&
    isFloat(input(call, 'dh'), givesSequences(call) ? [batch, steps, units] : [batch, units]) &&
    (gates === 3 || isFloat(input(call, 'dc'), [batch, units])) &&
    kept.every((name) => isFloat(input(call, name), [batch, steps, units])) &&
    maskFits(call, batch, steps);
  return fits ? { batch, steps, features, units } : undefined;
}

function maskFits(call: KernelCall<unknown>, batch: number, steps: number): boolean {
  const mask = input(call, 'mask');
  return mask === undefined || (mask.dtype === 'bool' && mask.shape.join() === `${batch},${steps}`);
}
