import { engine, stack, type Tensor } from '@tensorflow/tfjs-core';
import { alias } from './internal/alias.js';
import { plainLstm, plainLstmGradient, type LstmHistory, type LstmInputs } from './internal/recurrent/plain-lstm.js';
import { sequenceSizes, stateOf, type SequenceOperands } from './internal/recurrent/sequence-operands.js';
import { asRows, product } from './internal/recurrent/steps.js';
import { hasKernel, runKernel } from './internal/run-kernel.js';
import type { Thunks } from './internal/run-operation.js';
import { runOperations } from './internal/run-operations.js';
import { columnSum } from './internal/sum-to.js';

/** What `lstmSequence` takes: four gates in the order i, f, g, o; bias [4 units]. */
export interface LstmOperands extends SequenceOperands {
  /** The cell before the first step: [batch, units]. Zeros by default. */
  readonly c?: Tensor | undefined;
}

/**
 * The backend kernel: inputs `x`, `kernel`, `recurrentKernel`, `h`, `c` and perhaps `bias` and `mask`; attribute `sequences`. Outputs: h of all steps or the last, the last c, and
 * for the gradient, each [batch, steps, ...], the gates after their activations, h and c before each step, tanh(c) after it.
 */
const FORWARD = 'GradstreamLstm';
/** Inputs `dh`, `dc`, the kept `gates`, `cells`, `squashed` and `before`, `x`, `recurrentKernel` and perhaps `mask`; attribute `sequences`. Outputs: the gradients by the gates, h, c, and the three weights. */
const BACKWARD = 'GradstreamLstmGradient';

/**
 * An LSTM over a whole sequence as one operation: `i, f, o = sigmoid(z)`, `g = tanh(z)` of their parts of `z = x · kernel + bias + h · recurrentKernel`, then
 * `c' = f c + i g` and `h' = o tanh(c')` at each step.
 *
 * Gives `h`, the last state [batch, units] or with `returnSequences` all of them, [batch, steps, units], and the last `c`. Steps that the mask leaves out keep both, whatever
 * their input is. Has one place on the tape, however long the sequence is; the gradients of the weights are one product each. Runs the backend's kernels `GradstreamLstm` and
 * `GradstreamLstmGradient` where they are, else single kernels. Throws `GS_AUTODIFF_SHAPE` for operands that do not fit. Source: Hochreiter and Schmidhuber, 1997.
 */
export function lstmSequence(operands: LstmOperands): { readonly h: Tensor; readonly c: Tensor } {
  const { x, kernel, recurrentKernel, bias, mask, returnSequences: sequences = false } = operands;
  const sizes = sequenceSizes('autodiff/lstmSequence', operands, 4, (units) => [4 * units], [operands.h, operands.c]);
  const [h, c] = [stateOf(operands.h, sizes), stateOf(operands.c, sizes)];
  const inputs: LstmInputs = { x, kernel, recurrentKernel, bias, h, c, mask };
  const outputs = runOperations({
    inputs: { x, kernel, recurrentKernel, h, c, ...(bias === undefined ? {} : { bias }) },
    forward: (save) => {
      const [states, cell, history] = forward(inputs, sequences);
      const { gates, before, cells, squashed } = history;
      save([x, kernel, recurrentKernel, h, c, gates, before, cells, squashed, ...optional(bias), ...optional(mask)]);
      return [states, cell];
    },
    backward: ([dh, dc], saved) => {
      const [x, kernel, recurrentKernel, h, c, gates, before, cells, squashed] = saved as [Tensor, ...Tensor[]];
      const maskOf = mask === undefined ? undefined : saved.at(-1)!;
      const biasOf = bias === undefined ? undefined : saved[9]!;
      let history = { gates, before, cells, squashed } as LstmHistory;
      const own = { x, recurrentKernel: recurrentKernel!, mask: maskOf };
      if (hasKernel(BACKWARD) && !engine().isTapeOn()) return inOneKernel(dh!, dc!, history, own, kernel!, sequences);
      // For second derivatives, what was kept has to follow from the inputs on the tape.
      if (engine().isTapeOn()) history = plainLstm({ ...own, kernel: kernel!, h: h!, c: c!, bias: biasOf }).history;
      const [dz, dFirst, dCell] = plainLstmGradient(dh!, dc!, history, recurrentKernel!, maskOf);
      const rows = asRows(dz);
      return {
        x: () => alias(product(rows, kernel!, false, true), x.shape),
        kernel: () => product(asRows(x), rows, true, false),
        recurrentKernel: () => product(asRows(history.before), rows, true, false),
        bias: () => alias(columnSum(rows, rows.shape[1]!), [rows.shape[1]!]),
        h: () => alias(dFirst),
        c: () => alias(dCell),
      };
    },
  });
  return { h: outputs[0]!, c: outputs[1]! };
}

function forward(inputs: LstmInputs, sequences: boolean): readonly [h: Tensor, c: Tensor, history: LstmHistory] {
  if (hasKernel(FORWARD)) {
    const { bias, mask, ...rest } = inputs;
    const given = { ...rest, ...(bias === undefined ? {} : { bias }), ...(mask === undefined ? {} : { mask }) };
    const [h, c, gates, before, cells, squashed] = runKernel<Tensor[]>(FORWARD, given, { sequences }) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    return [h, c, { gates, before, cells, squashed }];
  }
  const { states, c, history } = plainLstm(inputs);
  return [sequences ? stack([...states], 1) : states.at(-1)!, c, history];
}

/** All gradients but that by x come out of one kernel. */
function inOneKernel(
  dh: Tensor,
  dc: Tensor,
  history: LstmHistory,
  { x, recurrentKernel, mask }: Pick<LstmInputs, 'x' | 'recurrentKernel' | 'mask'>,
  kernel: Tensor,
  sequences: boolean,
): Thunks {
  const given = { dh, dc, ...history, x, recurrentKernel, ...(mask === undefined ? {} : { mask }) };
  const results = runKernel<Tensor[]>(BACKWARD, given, { sequences });
  const [dz, dFirst, dCell, dKernel, dRecurrent, dBias] = results as [Tensor, ...Tensor[]];
  return {
    x: () => alias(product(asRows(dz), kernel, false, true), x.shape),
    kernel: () => alias(dKernel!),
    recurrentKernel: () => alias(dRecurrent!),
    bias: () => alias(dBias!),
    h: () => alias(dFirst!),
    c: () => alias(dCell!),
  };
}

const optional = (tensor: Tensor | undefined): Tensor[] => (tensor === undefined ? [] : [tensor]);
