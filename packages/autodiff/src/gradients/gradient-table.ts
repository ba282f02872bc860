import { zeros, type GradConfig, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';
import { linkSaved } from '../internal/link-saved.js';
import type { Thunks } from '../internal/run-operation.js';

/** The gradients of one family of kernels, in the form in which tfjs-core registers them. */
export type GradientTable = readonly GradConfig[];

/** How a gradient is written down here: `saved` holds the named inputs, then the outputs that were asked for. */
export interface KernelGradient {
  /** Inputs that the gradient needs, if only for their shapes. */
  readonly inputs?: readonly string[];
  /** Saves all inputs, for kernels that take a list of tensors. */
  readonly allInputs?: boolean;
  /** Saves the output. */
  readonly output?: boolean;
  readonly gradient: (dy: Tensor, saved: Tensor[], attributes: NamedAttrMap) => Thunks;
}

/** The registration of one kernel with one output. */
export function kernelGradient(
  kernelName: string,
  { inputs, allInputs, output, gradient }: KernelGradient,
): GradConfig {
  return {
    kernelName,
    ...(inputs !== undefined && { inputsToSave: [...inputs] }),
    ...(allInputs === true && { saveAllInputs: true }),
    ...(output === true && { outputsToSave: [true] }),
    gradFunc: (dy, saved, attributes) => {
      if (output === true) linkSaved(saved);
      return gradient(dy as Tensor, saved, attributes);
    },
  };
}

/** A kernel of one input `x` whose gradient follows from that input. */
export function fromInput(kernelName: string, gradient: (dy: Tensor, x: Tensor) => Tensor): GradConfig {
  return kernelGradient(kernelName, { inputs: ['x'], gradient: (dy, [x]) => ({ x: () => gradient(dy, x!) }) });
}

/** A kernel of one input `x` whose gradient follows from its output. */
export function fromOutput(kernelName: string, gradient: (dy: Tensor, y: Tensor) => Tensor): GradConfig {
  return kernelGradient(kernelName, { output: true, gradient: (dy, [y]) => ({ x: () => gradient(dy, y!) }) });
}

/** A kernel of two inputs `a` and `b`, both saved. */
export function fromPair(
  kernelName: string,
  gradient: (dy: Tensor, a: Tensor, b: Tensor) => { a: () => Tensor; b: () => Tensor },
): GradConfig {
  return kernelGradient(kernelName, { inputs: ['a', 'b'], gradient: (dy, [a, b]) => gradient(dy, a!, b!) });
}

/** A kernel that is constant almost everywhere: the gradient of each of its inputs is zero. */
export function withoutSlope(kernelName: string, ...inputs: string[]): GradConfig {
  return kernelGradient(kernelName, {
    inputs,
    gradient: (_dy, saved) => Object.fromEntries(inputs.map((name, index) => [name, () => zeros(saved[index]!.shape)])),
  });
}
