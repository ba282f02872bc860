import { backwardSizes, forwardSizes, givesSequences, input, type RecurrentSizes } from '@gradstream/backend-kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import type { Address } from '../../driver/driver.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import { filled } from '../elementwise/convert.js';
import { multiply, multiplyInParts, partsOf } from '../gemm.js';
import type { Kernel, KernelCall } from '../kernel.js';
import { reduce } from '../reduction/reduce.js';
import { addressOr0 } from './operands.js';
import { sequenceWords } from './sequence-words.js';

const kernels = kernelsIn('recurrent', {
  lstm_step: 'ppppppppppps',
  lstm_back: 'ppppppppppps',
  gru_step: 'ppppppppps',
  gru_back: 'ppppppppppps',
  first_state: 'pps',
  add_rows: 'pppii',
});

/**
 * Recurrent layers over whole sequences, float32, forward and back to the gates: the products with the input of all steps at once, those with the state step by step.
 * Inputs, outputs and attributes are those of the backend wasm-simd's kernels of the same names: see @gradstream/backend-wasm, `src/kernels/fused/recurrent.ts`.
 */
export const recurrentKernels: readonly Kernel[] = [
  { name: 'GradstreamLstm', run: (call) => forward(call, 4) },
  { name: 'GradstreamGru', run: (call) => forward(call, 3) },
  { name: 'GradstreamLstmGradient', run: (call) => backward(call, 4) },
  { name: 'GradstreamGruGradient', run: (call) => backward(call, 3) },
];

/** Outputs. All of their numbers are written, but for steps that a mask leaves out and batches of nothing: then they begin as zeros. */
function made(call: KernelCall, shapes: readonly number[][], batch: number): TensorInfo[] {
  const { backend } = call;
  const whole = batch > 0 && input(call, 'mask') === undefined;
  return shapes.map((shape) => (whole ? backend.output(shape, 'float32') : filled(backend, shape, 'float32', 0)!));
}

function forward(call: KernelCall, gates: 3 | 4): TensorInfo[] | undefined {
  const sizes = forwardSizes(call, gates, gates === 4 ? ['h', 'c'] : ['h']);
  if (sizes === undefined) return undefined;
  const { batch, steps, features, units } = sizes;
  const { backend } = call;
  const { runtime } = backend;
  const width = gates * units;
  const states = [batch, steps, units];
  const first = givesSequences(call) ? states : [batch, units];
  const outputs = made(
    call,
    gates === 4
      ? [first, [batch, units], [batch, steps, width], states, states, states]
      : [first, [batch, steps, width], states, states],
    batch,
  );
  const to = outputs.map((x) => backend.address(x));
  if (batch === 0) return outputs;
  const [kernel, recurrent, h] = ['kernel', 'recurrentKernel', 'h'].map((name) => addressOr0(call, name)) as [
    Address,
    Address,
    Address,
  ];
  const given = [addressOr0(call, 'bias'), addressOr0(call, 'mask')];
  const start = (name: string, place: Address): void =>
    runtime.launch(kernels.first_state, gridFor(batch * units), THREADS, [
      addressOr0(call, name),
      place,
      sequenceWords(sizes, 0, false),
    ]);
  start('h', to[3]!);
  if (gates === 4) start('c', to[4]!);
  const parts = partsOf(backend, batch, width, units);
  const scratch = [batch * steps * width, parts * batch * width, batch * units, batch * units].map((size) => size * 4);
  withParts(backend, scratch, ([zx, z, even, odd]) => {
    multiply(backend, { a: addressOr0(call, 'x'), b: kernel, c: zx! }, [batch * steps, width, features], false, false);
    let now = h;
    for (let t = 0; t < steps; t++) {
      const next = t % 2 === 0 ? even! : odd!;
      multiplyInParts(backend, { a: now, b: recurrent, c: z! }, [batch, width, units], false);
      const step = gates === 4 ? kernels.lstm_step : kernels.gru_step;
      runtime.launch(step, gridFor(batch * units), THREADS, [
        zx!,
        z!,
        ...given,
        ...to,
        next,
        sequenceWords(sizes, t, givesSequences(call), parts),
      ]);
      now = next;
    }
  });
  return outputs;
}

function backward(call: KernelCall, gates: 3 | 4): TensorInfo[] | undefined {
  const isLstm = gates === 4;
  const sizes = backwardSizes(call, gates, isLstm ? ['cells', 'squashed', 'before'] : ['inner', 'before']);
  if (sizes === undefined) return undefined;
  const { batch, steps, features, units } = sizes;
  const { backend } = call;
  const width = gates * units;
  const all = [batch, steps, width];
  const weights = [
    [features, width],
    [units, width],
  ];
  const outputs = made(
    call,
    isLstm
      ? [all, [batch, units], [batch, units], ...weights, [width]]
      : [all, all, [batch, units], ...weights, [2, width]],
    batch,
  );
  const to = outputs.map((x) => backend.address(x));
  if (batch === 0) return outputs;
  const [first, cell] = isLstm ? [to[1]!, to[2]!] : [to[2]!, 0];
  if (isLstm) backend.runtime.copy(addressOr0(call, 'dc'), cell, batch * units * 4);
  stepsBack(call, sizes, gates, to, first, cell);
  const rows = batch * steps;
  const gradients = (dz: Address, x: Address, n: number, dWeight: Address, dBias: Address): void => {
    multiply(backend, { a: x, b: dz, c: dWeight }, [n, width, rows], true, false);
    if (dBias > 0) reduce(backend, 'float_Sum', dz, dBias, [1, rows, width]);
  };
  const [x, before] = [addressOr0(call, 'x'), addressOr0(call, 'before')];
  gradients(to[0]!, x, features, to[3]!, to[5]!);
  gradients(isLstm ? to[0]! : to[1]!, before, units, to[4]!, isLstm ? 0 : to[5]! + width * 4);
  return outputs;
}

/** From the last step to the first: what each gives its gates, and the step before. */
function stepsBack(
  call: KernelCall,
  sizes: RecurrentSizes,
  gates: 3 | 4,
  to: readonly Address[],
  first: Address,
  cell: Address,
): void {
  const { batch, steps, units } = sizes;
  const { backend } = call;
  const { runtime } = backend;
  const width = gates * units;
  const at = (...names: string[]): Address[] => names.map((name) => addressOr0(call, name));
  const recurrent = addressOr0(call, 'recurrentKernel');
  const parts = partsOf(backend, batch, units, width);
  withParts(backend, [batch * width * 4, batch * units * 4, parts * batch * units * 4], ([rows, passed, product]) => {
    const given = at('dh', 'gates', ...(gates === 4 ? ['cells', 'squashed'] : ['inner', 'before']), 'mask');
    // Where all states are outputs, nothing comes from behind the last step.
    const behind = givesSequences(call) ? 0 : given[0]!;
    const places = gates === 4 ? [cell, to[0]!] : [to[0]!, to[1]!];
    for (let t = steps - 1; t >= 0; t--) {
      const words = sequenceWords(sizes, t, givesSequences(call), t + 1 < steps ? parts : 0);
      const values = [...given, behind, product!, ...places, rows!, passed!, words];
      runtime.launch(gates === 4 ? kernels.lstm_back : kernels.gru_back, gridFor(batch * units), THREADS, values);
      multiplyInParts(backend, { a: rows!, b: recurrent, c: product! }, [batch, units, width], true);
    }
    const size = batch * units;
    runtime.launch(kernels.add_rows, gridFor(size), THREADS, [passed!, product!, first, size, parts]);
  });
}

/** Runs work with several pieces of scratch memory. */
function withParts(
  backend: CudaBackend,
  bytes: readonly number[],
  work: (at: Address[]) => void,
  at: Address[] = [],
): void {
  if (at.length === bytes.length) return work(at);
  backend.runtime.withScratch(bytes[at.length]!, (address) => withParts(backend, bytes, work, [...at, address]));
}
