import { concat, engine, stack, type Tensor } from '@tensorflow/tfjs-core';
import { alias } from './internal/alias.js';
import { plainGru, plainGruGradient, type GruHistory, type GruInputs } from './internal/recurrent/plain-gru.js';
import { sequenceSizes, stateOf, type SequenceOperands } from './internal/recurrent/sequence-operands.js';
import { asRows, product } from './internal/recurrent/steps.js';
import { hasKernel, runKernel } from './internal/run-kernel.js';
import type { Thunks } from './internal/run-operation.js';
import { runOperations } from './internal/run-operations.js';
import { columnSum } from './internal/sum-to.js';

/**
 * The backend kernel: inputs `x`, `kernel`, `recurrentKernel`, `h` and perhaps `bias` and `mask`; attribute `sequences`. Outputs: h of all steps or the last, and for the gradient,
 * each [batch, steps, ...], the gates z and r and the candidate, 3 units together, the state's part of the candidate, and h before each step.
 */
const FORWARD = 'GradstreamGru';
/** Inputs `dh`, the kept `gates`, `inner` and `before`, `x`, `recurrentKernel` and perhaps `mask`; attribute `sequences`. Outputs: the gradients by the gates' input and state parts, h, and the three weights. */
const BACKWARD = 'GradstreamGruGradient';

/**
 * A GRU over a whole sequence as one operation: `z, r = sigmoid(x_zr + h_zr)`, candidate `g = tanh(x_h + r h_h)`, then `h' = z h + (1 - z) g` at each step, with the parts of
 * `x · kernel + bias[0]` and `h · recurrentKernel + bias[1]`, in the order z, r, h: the reset gate acts after the product.
 *
 * The bias is [2, 3 units]. Gives the last state [batch, units] or with `returnSequences` all of them, [batch, steps, units]. Steps that the mask leaves out keep it, whatever their
 * input is. Has one place on the tape; the gradients of the weights are one product each. Runs the backend's kernels `GradstreamGru` and `GradstreamGruGradient` where they are, else
 * single kernels. Throws `GS_AUTODIFF_SHAPE` for operands that do not fit. Source: Cho et al., 2014, arXiv 1406.1078, third version.
 */
export function gruSequence(operands: SequenceOperands): Tensor {
  const { x, kernel, recurrentKernel, bias, mask, returnSequences: sequences = false } = operands;
  const sizes = sequenceSizes('autodiff/gruSequence', operands, 3, (units) => [2, 3 * units], [operands.h]);
  const h = stateOf(operands.h, sizes);
  const inputs: GruInputs = { x, kernel, recurrentKernel, bias, h, mask };
  const [states] = runOperations({
    inputs: { x, kernel, recurrentKernel, h, ...(bias === undefined ? {} : { bias }) },
    forward: (save) => {
      const [states, { gates, inner, before }] = forward(inputs, sequences);
      save([x, kernel, recurrentKernel, h, gates, inner, before, ...optional(bias), ...optional(mask)]);
      return [states];
    },
    backward: ([dh], saved) => {
      const [x, kernel, recurrentKernel, h, gates, inner, before] = saved as [Tensor, ...Tensor[]];
      const maskOf = mask === undefined ? undefined : saved.at(-1)!;
      const biasOf = bias === undefined ? undefined : saved[7]!;
      let history = { gates, inner, before } as GruHistory;
      const own = { x, recurrentKernel: recurrentKernel!, mask: maskOf };
      if (hasKernel(BACKWARD) && !engine().isTapeOn()) return inOneKernel(dh!, history, own, kernel!, sequences);
      // For second derivatives, what was kept has to follow from the inputs on the tape.
      if (engine().isTapeOn()) history = plainGru({ ...own, kernel: kernel!, h: h!, bias: biasOf }).history;
      const [dInput, dState, dFirst] = plainGruGradient(dh!, history, recurrentKernel!, maskOf);
      const [inputRows, stateRows] = [asRows(dInput), asRows(dState)];
      const columns = inputRows.shape[1]!;
      return {
        x: () => alias(product(inputRows, kernel!, false, true), x.shape),
        kernel: () => product(asRows(x), inputRows, true, false),
        recurrentKernel: () => product(asRows(history.before), stateRows, true, false),
        bias: () => concat([columnSum(inputRows, columns), columnSum(stateRows, columns)], 0),
        h: () => alias(dFirst),
      };
    },
  });
  return states!;
}

function forward(inputs: GruInputs, sequences: boolean): readonly [h: Tensor, history: GruHistory] {
  if (hasKernel(FORWARD)) {
    const { bias, mask, ...rest } = inputs;
    const given = { ...rest, ...(bias === undefined ? {} : { bias }), ...(mask === undefined ? {} : { mask }) };
    const [h, gates, inner, before] = runKernel<Tensor[]>(FORWARD, given, { sequences }) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    return [h, { gates, inner, before }];
  }
  const { states, history } = plainGru(inputs);
  return [sequences ? stack([...states], 1) : states.at(-1)!, history];
}

/** All gradients but that by x come out of one kernel. */
function inOneKernel(
  dh: Tensor,
  history: GruHistory,
  { x, recurrentKernel, mask }: Pick<GruInputs, 'x' | 'recurrentKernel' | 'mask'>,
  kernel: Tensor,
  sequences: boolean,
): Thunks {
  const given = { dh, ...history, x, recurrentKernel, ...(mask === undefined ? {} : { mask }) };
  const results = runKernel<Tensor[]>(BACKWARD, given, { sequences });
  const [dInput, , dFirst, dKernel, dRecurrent, dBias] = results as [Tensor, ...Tensor[]];
  return {
    x: () => alias(product(asRows(dInput), kernel, false, true), x.shape),
    kernel: () => alias(dKernel!),
    recurrentKernel: () => alias(dRecurrent!),
    bias: () => alias(dBias!),
    h: () => alias(dFirst!),
  };
}

const optional = (tensor: Tensor | undefined): Tensor[] => (tensor === undefined ? [] : [tensor]);
