import {
  add,
  concat,
  mul,
  sigmoid,
  split,
  square,
  stack,
  sub,
  tanh,
  unstack,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { alias } from '../alias.js';
import { asRows, choose, gradientSteps, maskSteps, product } from './steps.js';

/** What the gradient of a GRU needs of its steps; each [batch, steps, ...]. */
export interface GruHistory {
  /** The gates z and r and the candidate after their activations: [..., 3 units]. */
  readonly gates: Tensor;
  /** The state's part of the candidate, before the reset gate acts on it. */
  readonly inner: Tensor;
  /** h before each step. */
  readonly before: Tensor;
}

/** The operands of a GRU, complete; the bias is [2, 3 units]. */
export interface GruInputs {
  readonly x: Tensor;
  readonly kernel: Tensor;
  readonly recurrentKernel: Tensor;
  readonly bias: Tensor | undefined;
  readonly h: Tensor;
  readonly mask: Tensor | undefined;
}

/** A GRU over a sequence, in single kernels: the states after each step, and what the gradient needs. */
export function plainGru({ x, kernel, recurrentKernel, bias, h, mask }: GruInputs): {
  readonly states: readonly Tensor[];
  readonly history: GruHistory;
} {
  const [batch, steps] = x.shape as [number, number, number];
  const [inputBias, stateBias] = bias === undefined ? [] : unstack(bias, 0);
  const plus = (sum: Tensor, added: Tensor | undefined): Tensor => (added === undefined ? sum : add(sum, added));
  const sum = plus(product(asRows(x), kernel), inputBias);
  const inputs = unstack(alias(sum, [batch, steps, kernel.shape[1]!]), 1);
  const maskAt = maskSteps(mask);
  const gates: Tensor[] = [];
  const inner: Tensor[] = [];
  const before: Tensor[] = [];
  const states: Tensor[] = [];
  inputs.forEach((input, time) => {
    const [xz, xr, xh] = split(input, 3, 1) as [Tensor, Tensor, Tensor];
    const [hz, hr, hh] = split(plus(product(h, recurrentKernel), stateBias), 3, 1) as [Tensor, Tensor, Tensor];
    const [z, r] = [sigmoid(add(xz, hz)), sigmoid(add(xr, hr))];
    const candidate = tanh(add(xh, mul(r, hh)));
    before.push(h);
    gates.push(concat([z, r, candidate], 1));
    inner.push(hh);
    h = choose(maskAt(time), add(mul(z, h), mul(sub(1, z), candidate)), h);
    states.push(h);
  });
  return { states, history: { gates: stack(gates, 1), inner: stack(inner, 1), before: stack(before, 1) } };
}

/** The gradients by the input's and the state's parts of the gates, [batch, steps, 3 units] each, and by the first state. `dh`: of all states or of the last. */
export function plainGruGradient(
  dh: Tensor,
  { gates, inner, before }: GruHistory,
  recurrentKernel: Tensor,
  mask: Tensor | undefined,
): readonly [dInput: Tensor, dState: Tensor, dh: Tensor] {
  const steps = gates.shape[1]!;
  const dhAt = gradientSteps(dh, steps);
  const maskAt = maskSteps(mask);
  const [gateSteps, inners, states] = [unstack(gates, 1), unstack(inner, 1), unstack(before, 1)];
  let dLast = zerosLike(states[0]!);
  const dInputs: Tensor[] = [];
  const dStates: Tensor[] = [];
  for (let time = steps - 1; time >= 0; time--) {
    const [z, r, candidate] = split(gateSteps[time]!, 3, 1) as [Tensor, Tensor, Tensor];
    const [h, hh, real, own] = [states[time]!, inners[time]!, maskAt(time), dhAt(time)];
    const dy = own === undefined ? dLast : add(dLast, own);
    const dCandidate = mul(mul(dy, sub(1, z)), sub(1, square(candidate)));
    const dz = mul(mul(dy, sub(h, candidate)), sub(z, square(z)));
    const dr = mul(mul(dCandidate, hh), sub(r, square(r)));
    const [dInput, dState] = [concat([dz, dr, dCandidate], 1), concat([dz, dr, mul(dCandidate, r)], 1)];
    dInputs.unshift(choose(real, dInput, zerosLike(dInput)));
    const counted = choose(real, dState, zerosLike(dState));
    dStates.unshift(counted);
    dLast = add(choose(real, mul(dy, z), dy), product(counted, recurrentKernel, false, true));
  }
  return [stack(dInputs, 1), stack(dStates, 1), dLast];
}
