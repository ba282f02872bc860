import { engine, keep, tidy, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import { sharing } from './alias.js';
import { linkSaved } from './link-saved.js';
import { isWatched, offTape, openEngine } from './open-engine.js';

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
   * not `dy` itself, since the engine disposes what it has added up. Tensors made outside the thunks live until the backward pass ends. `wanted` are the
   * names of the inputs whose thunks will be called, where that is known: one kernel can then compute them all.
   */
  readonly backward: (dy: Tensor, saved: Tensor[], wanted: ReadonlySet<string> | undefined) => Thunks;
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
export function runOperation(operation: Operation): Tensor {
  const open = openEngine();
  // Second derivatives need the copies of what is saved on the tape, as the engine records them.
  if (open.state.gradientDepth > 1 || isWatched(open)) return runByEngine(operation);
  return open.isTapeOn() ? recorded(operation) : tidy(() => operation.forward(() => {}));
}

function runByEngine({ inputs, forward, backward }: Operation): Tensor {
  return (engine() as unknown as OperationEngine).runKernelFunc({
    inputs,
    forwardFunc: (_backend, save) => forward(save),
    backwardsFunc: (dy, saved) => {
      linkSaved(saved);
      return backward(dy, saved, undefined);
    },
  });
}

/** The same as the engine does, without a kernel and a place on the tape for each tensor that is saved. */
function recorded({ inputs, forward, backward }: Operation): Tensor {
  const { state } = openEngine();
  let saved: Tensor[] = [];
  let output: Tensor;
  try {
    output = offTape(() =>
      tidy(() => forward((tensors) => void (saved = tensors.map((tensor) => keep(sharing(tensor)))))),
    );
  } catch (error) {
    for (const tensor of saved) tensor.dispose();
    throw error;
  }
  state.activeTape!.push({
    id: state.nextTapeNodeId++,
    kernelName: '',
    inputs,
    outputs: [output],
    saved,
    gradient: ([dy], wanted) => backward(dy!, saved, wanted),
  });
  return output;
}
