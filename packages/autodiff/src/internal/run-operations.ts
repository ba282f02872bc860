import { engine, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import { linkSaved } from './link-saved.js';
import type { Thunks } from './run-operation.js';

/** An operation of several outputs with a gradient of its own: see `Operation`. */
export interface OperationOfSeveral {
  readonly inputs: NamedTensorMap;
  readonly forward: (save: (tensors: Tensor[]) => void) => Tensor[];
  /** `dys` has a gradient for each output, zeros where nothing depends on one. */
  readonly backward: (dys: readonly Tensor[], saved: Tensor[]) => Thunks;
}

/** The part of tfjs-core's engine that its declarations hide. */
interface EngineOfSeveral {
  runKernelFunc(invocation: {
    inputs: NamedTensorMap;
    forwardFunc: (backend: unknown, save: (tensors: Tensor[]) => void) => Tensor[];
    backwardsFunc: (dys: Tensor | Tensor[], saved: Tensor[]) => Thunks;
  }): Tensor[];
}

/** Runs an operation of several outputs and records its gradient, one thunk an input. */
export function runOperations({ inputs, forward, backward }: OperationOfSeveral): Tensor[] {
  return (engine() as unknown as EngineOfSeveral).runKernelFunc({
    inputs,
    forwardFunc: (_backend, save) => forward(save),
    backwardsFunc: (dys, saved) => {
      linkSaved(saved);
      return backward(Array.isArray(dys) ? dys : [dys], saved);
    },
  });
}
