import {
  input,
  optimizerKernels as kernelsOf,
  type OptimizerRule,
  type OptimizerSetup,
} from '@gradstream/backend-kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { Rule } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';
import { placeOf, sizeOf } from './operands.js';

const f32 = Math.fround;

const rules: Readonly<Record<OptimizerRule, Rule>> = {
  scale: Rule.Scale,
  momentum: Rule.Momentum,
  nesterov: Rule.Nesterov,
  rms: Rule.Rms,
  centeredRms: Rule.CenteredRms,
  adam: Rule.Adam,
  amsgrad: Rule.Amsgrad,
  adagrad: Rule.Adagrad,
  adamax: Rule.Adamax,
  lion: Rule.Lion,
};

/** Optimizers: one pass over each weight's memory. */
export const optimizerKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>(
  (call, { rule, parameters, scalars, factor }, weights, inPlace) => {
    const { backend } = call;
    const at = (x: TensorInfo | undefined): number => (x === undefined ? 0 : backend.address(x));
    const results: TensorInfo[] = [];
    const made = (shape: number[]): TensorInfo => {
      const x = backend.output(shape, 'float32');
      results.push(x);
      return x;
    };
    const parts = weights.map(({ gradient, weight, memory, target }) => {
      const from = [at(memory[0]), at(memory[1]), at(memory[2])] as const;
      const to = inPlace ? [target, ...memory] : [gradient, ...memory].map(({ shape }) => made(shape));
      return {
        size: sizeOf(gradient),
        from: [at(gradient), at(weight), ...from] as const,
        to: [at(to[0]), at(to[1]), at(to[2]), at(to[3])] as const,
      };
    });
    const steps = Object.entries(scalars).map(([name, decay]) => {
      const x = input(call, name)!;
      return { name, decay, from: placeOf(backend, x), to: placeOf(backend, inPlace ? x : made([])) };
    });
    const [beforeAt, afterAt, decayAt] = ['before', 'after', 'decay'].map((name) => {
      const x = input(call, name);
      return x === undefined ? undefined : placeOf(backend, x);
    });
    const { runtime } = backend;
    runtime.aside(() => {
      const { wasm, floats } = runtime;
      const one = (place: number | undefined): number | undefined => (place === undefined ? undefined : floats[place]!);
      const next: Record<string, number> = {};
      // The sum that a constant 1 gives with this decay, as float32 kernels compute it.
      for (const { name, decay, from } of steps) next[name] = f32(f32(floats[from]! * f32(decay)) + 1);
      const direction = factorOf(factor, next);
      const last = one(afterAt);
      const numbers = [
        one(beforeAt) ?? 1,
        last === undefined ? direction : f32(last * direction),
        one(decayAt) ?? 0,
      ] as const;
      for (const { size, from, to } of parts)
        wasm.optimizer(rules[rule], size, ...from, ...to, ...numbers, ...parameters, Number(inPlace));
      for (const { name, to } of steps) floats[to] = next[name]!;
    });
    return results;
  },
);

/** What the direction is multiplied with, in float32. */
function factorOf({ kind, value }: OptimizerSetup['factor'], { mWeight, vWeight }: Record<string, number>): number {
  if (kind === 'adam') return f32(f32(Math.sqrt(vWeight!)) / mWeight!);
  return kind === 'inverse' ? f32(1 / mWeight!) : f32(value);
}
