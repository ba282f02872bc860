import {
  input,
  optimizerKernels as kernelsOf,
  type OptimizedWeight,
  type OptimizerRule,
} from '@gradstream/backend-kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { addressWords } from '../../driver/kernel-arguments.js';
import { sizeOf } from '../../internal/elements.js';
import { blocks, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import type { Kernel, KernelCall } from '../kernel.js';
import { addressOr0 } from './operands.js';

const kernels = kernelsIn('optimizer', { optimizer: 'iispfffi', optimizer_numbers: 'pppppppffifp' });

/** Rules and factors by their numbers in kernels/optimizer.cu. */
const rules: Readonly<Record<OptimizerRule, number>> = {
  scale: 0,
  momentum: 1,
  nesterov: 2,
  rms: 3,
  centeredRms: 4,
  adam: 5,
  amsgrad: 6,
  adagrad: 7,
  adamax: 8,
  lion: 9,
};
const factors = { one: 0, constant: 1, adam: 2, inverse: 3 } as const;

/** Weights that one launch takes, elements a block does, and words of a weight; see kernels/optimizer.cu. */
const WEIGHTS = 40;
const CHUNK = 1024;
const WORDS = 20;

/** Optimizers. Scalars are read and written on the device alone, so that a captured step follows its learning rate. */
export const optimizerKernels: readonly Kernel[] = kernelsOf<CudaBackend>(
  (call, { rule, parameters, scalars, factor }, weights, inPlace) => {
    const { backend } = call;
    const names = Object.keys(scalars);
    const next = names.map((name) => (inPlace ? input(call, name)! : backend.output([], 'float32')));
    const outputs = weights.map(({ gradient, memory, target }) =>
      inPlace ? [target!, ...memory] : [gradient, ...memory].map(({ shape }) => backend.output(shape, 'float32')),
    );
    backend.runtime.withScratch(12, (numbers) => {
      const given = ['before', 'after', 'decay', names[0] ?? '', names[1] ?? ''].map((name) => addressOr0(call, name));
      const out = [0, 1].map((index) => (next[index] === undefined ? 0 : backend.writable(next[index])));
      const betas = [0, 1].map((index) => scalars[names[index] ?? ''] ?? 0);
      backend.runtime.launch(
        kernels.optimizer_numbers,
        [1, 1, 1],
        [32, 1, 1],
        [...given, ...out, ...betas, factors[factor.kind], factor.value, numbers],
      );
      for (let first = 0; first < weights.length; first += WEIGHTS) {
        const some = weights.slice(first, first + WEIGHTS);
        const { words, total } = described(call, some, outputs.slice(first, first + WEIGHTS));
        if (total === 0) continue;
        const values = [rules[rule], some.length, words, numbers, ...parameters, Number(inPlace)];
        backend.runtime.launch(kernels.optimizer, [total, 1, 1], THREADS, values);
      }
    });
    return inPlace ? [] : [...outputs.flat(), ...next];
  },
);

/** The words of `Weights` in kernels/optimizer.cu, and the number of blocks. */
function described(
  { backend }: KernelCall,
  weights: readonly OptimizedWeight[],
  outputs: readonly (readonly TensorInfo[])[],
): { words: Int32Array; total: number } {
  const words = new Int32Array(WORDS * WEIGHTS);
  let total = 0;
  for (const [index, { gradient, weight, memory }] of weights.entries()) {
    const to = outputs[index]!;
    const at = (x: TensorInfo | undefined): number => (x === undefined ? 0 : backend.address(x));
    const out = (x: TensorInfo | undefined): number => (x === undefined ? 0 : backend.writable(x));
    const addresses = [
      at(gradient),
      at(weight),
      at(memory[0]),
      at(memory[1]),
      at(memory[2]),
      out(to[0]),
      out(to[1]),
      out(to[2]),
      out(to[3]),
    ];
    for (const [place, address] of addresses.entries()) words.set(addressWords(address), WORDS * index + 2 * place);
    const size = sizeOf(gradient);
    words[WORDS * index + 18] = size;
    words[WORDS * index + 19] = total;
    if (size > 0) total += blocks(size, CHUNK);
  }
  return { words, total };
}
