import { engine, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import { linkSaved } from './link-saved.js';

/** One gradient an input, by the input's name, each computed only when it is called. */
export type Thunks = Record<string, () => Tensor>;

/** An operation with a gradient of its own. */
export interface Operation {
  /** The tensors that it is differentiated by, by name. */
  readonly inputs: NamedTensorMap;
  /** Computes the result; nothing in it is recorded. `save` keeps tensors for `backward`, and only while gradients are wanted. */
  readonly forward: (save: (tensors: Tensor[]) => void) => Tensor;
  /**
   * The gradients of the inputs. A thunk is called only for an input that leads to a wanted variable, and it has to return a tensor of its own,
   * not `dy` itself, since the engine disposes what it has added up. Tensors made outside the thunks live until the backward pass ends.
   */
  readonly backward: (dy: Tensor, saved: Tensor[]) => Thunks;
}

/** The part of tfjs-core's engine that its declarations hide. `customGrad` is built on it, but evaluates every input's gradient, wanted or not. */
interface OperationEngine {
  runKernelFunc(invocation: {
    inputs: NamedTensorMap;
    forwardFunc: (backend: unknown, save: (tensors: Tensor[]) => void) => Tensor;
    backwardsFunc: (dy: Tensor, saved: Tensor[]) => Thunks;
  }): Tensor;
}

/** Runs an operation and records its gradient, one thunk an input. */
export function runOperation({ inputs, forward, backward }: Operation): Tensor {
  return (engine() as unknown as OperationEngine).runKernelFunc({
    inputs,
    forwardFunc: (_backend, save) => forward(save),
    backwardsFunc: (dy, saved) => {
      linkSaved(saved);
      return backward(dy, saved);
    },
  });
}
