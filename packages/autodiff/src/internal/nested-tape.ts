import { dispose, engine, Tensor, tidy } from '@tensorflow/tfjs-core';
import { alias } from './alias.js';

/** What ran apart: its result, a tensor of its own, and all tensors that it read and did not make. */
export interface RecordedApart {
  readonly value: Tensor;
  readonly outside: readonly Tensor[];
}

/** Runs a function while gradients are recorded, and forgets what was recorded of it: nothing that it saved is kept. */
export function recordApart(f: () => Tensor): RecordedApart {
  const { state } = engine();
  const tape = state.activeTape;
  const apart: typeof tape = [];
  state.activeTape = apart;
  try {
    const value = tidy(() => alias(f()));
    const made = new Set(apart.flatMap(({ outputs }) => outputs));
    const read = new Set(apart.flatMap(({ inputs }) => Object.values(inputs)));
    // What it made without a kernel, constants, is gone by now.
    const outside = [...read].filter((tensor) => tensor instanceof Tensor && !made.has(tensor) && !tensor.isDisposed);
    return { value, outside };
  } finally {
    state.activeTape = tape;
    for (const { saved = [] } of apart) dispose(saved);
  }
}

/** The gradients of a function inside a backward pass; undefined for an input that it does not depend on. The pass around it goes on afterwards. */
export function nestedGradients(f: () => Tensor, xs: Tensor[], dy: Tensor): (Tensor | undefined)[] {
  const { state } = engine();
  const tape = state.activeTape;
  // While second derivatives are recorded all goes onto one tape, which the outermost pass cleans up.
  const ownTape = state.gradientDepth === 0;
  try {
    const { value, grads } = engine().gradients(() => alias(f()), xs, dy, true);
    value.dispose();
    return grads as (Tensor | undefined)[];
  } catch (error) {
    if (ownTape) for (const { saved = [] } of state.activeTape ?? []) dispose(saved);
    throw error;
  } finally {
    if (ownTape) state.activeTape = tape;
  }
}
