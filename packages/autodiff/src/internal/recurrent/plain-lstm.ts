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

/** What the gradient of an LSTM needs of its steps; each [batch, steps, ...]. */
export interface LstmHistory {
  /** The gates i, f, g, o after their activations: [..., 4 units]. */
  readonly gates: Tensor;
  /** h before each step. */
  readonly before: Tensor;
  /** c before each step. */
  readonly cells: Tensor;
  /** tanh(c') of each step. */
  readonly squashed: Tensor;
}

/** The operands of an LSTM, complete. */
export interface LstmInputs {
  readonly x: Tensor;
  readonly kernel: Tensor;
  readonly recurrentKernel: Tensor;
  readonly bias: Tensor | undefined;
  readonly h: Tensor;
  readonly c: Tensor;
  readonly mask: Tensor | undefined;
}

/** An LSTM over a sequence, in single kernels: the states after each step, the last c, and what the gradient needs. */
export function plainLstm({ x, kernel, recurrentKernel, bias, h, c, mask }: LstmInputs): {
  readonly states: readonly Tensor[];
  readonly c: Tensor;
  readonly history: LstmHistory;
} {
  const [batch, steps] = x.shape as [number, number, number];
  const sum = product(asRows(x), kernel);
  const inputs = unstack(alias(bias === undefined ? sum : add(sum, bias), [batch, steps, kernel.shape[1]!]), 1);
  const maskAt = maskSteps(mask);
  const gates: Tensor[] = [];
  const before: Tensor[] = [];
  const cells: Tensor[] = [];
  const squashed: Tensor[] = [];
  const states: Tensor[] = [];
  inputs.forEach((input, time) => {
    const [zi, zf, zg, zo] = split(add(input, product(h, recurrentKernel)), 4, 1) as [Tensor, Tensor, Tensor, Tensor];
    const [i, f, g, o] = [sigmoid(zi), sigmoid(zf), tanh(zg), sigmoid(zo)];
    const cell = add(mul(f, c), mul(i, g));
    const size = tanh(cell);
    before.push(h);
    cells.push(c);
    gates.push(concat([i, f, g, o], 1));
    squashed.push(size);
    h = choose(maskAt(time), mul(o, size), h);
    c = choose(maskAt(time), cell, c);
    states.push(h);
  });
  const history = {
    gates: stack(gates, 1),
    before: stack(before, 1),
    cells: stack(cells, 1),
    squashed: stack(squashed, 1),
  };
  return { states, c, history };
}

/** The gradients by the gates before their activations, [batch, steps, 4 units], and by the first states. `dh`: of all states or of the last. */
export function plainLstmGradient(
  dh: Tensor,
  dc: Tensor,
  { gates, cells, squashed }: Omit<LstmHistory, 'before'>,
  recurrentKernel: Tensor,
  mask: Tensor | undefined,
): readonly [dz: Tensor, dh: Tensor, dc: Tensor] {
  const steps = gates.shape[1]!;
  const dhAt = gradientSteps(dh, steps);
  const maskAt = maskSteps(mask);
  const [gateSteps, cellSteps, sizes] = [gates, cells, squashed].map((all) => unstack(all, 1)) as [
    Tensor[],
    Tensor[],
    Tensor[],
  ];
  const zero = zerosLike(dc);
  let [dState, dCell] = [zero, dc];
  const dzs: Tensor[] = [];
  for (let time = steps - 1; time >= 0; time--) {
    const [i, f, g, o] = split(gateSteps[time]!, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
    const [size, real, own] = [sizes[time]!, maskAt(time), dhAt(time)];
    const dy = own === undefined ? dState : add(dState, own);
    const d = add(dCell, mul(mul(dy, o), sub(1, square(size))));
    const slopes = concat(
      [
        mul(mul(d, g), sub(i, square(i))),
        mul(mul(d, cellSteps[time]!), sub(f, square(f))),
        mul(mul(d, i), sub(1, square(g))),
        mul(mul(dy, size), sub(o, square(o))),
      ],
      1,
    );
    const dz = choose(real, slopes, zerosLike(slopes));
    dzs.unshift(dz);
    const through = product(dz, recurrentKernel, false, true);
    dState = real === undefined ? through : add(through, choose(real, zero, dy));
    dCell = choose(real, mul(d, f), dCell);
  }
  return [stack(dzs, 1), dState, dCell];
}
