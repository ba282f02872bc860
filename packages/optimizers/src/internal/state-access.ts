import { GradstreamError } from '@gradstream/core';
import { fill, mul, Tensor, zerosLike } from '@tensorflow/tfjs-core';
import type { OptimizerState, Tensors } from '../gradient-transformation.js';
import { filled } from './filled.js';

/** The entry `key` of a state, as a tensor. Throws `GS_OPTIMIZER_STATE` where it is none. */
export function tensorEntry(where: string, state: OptimizerState | undefined, key: string): Tensor {
  const entry = entryOf(state, key);
  if (entry instanceof Tensor) return entry;
  throw badState(where, key, 'a tensor', entry);
}

/** The entry `key` of a state, as tensors by weight path that has every path of `params`. Throws `GS_OPTIMIZER_STATE` where it has not. */
export function weightEntries(where: string, state: OptimizerState, key: string, params: Tensors): Tensors {
  const entry = entryOf(state, key);
  // A saved state has no trace of tensors for no weights.
  if (entry === undefined && Object.keys(params).length === 0) return {};
  if (entry === undefined || entry instanceof Tensor) throw badState(where, key, 'tensors by weight path', entry);
  for (const path of Object.keys(params)) {
    if (!(entryOf(entry, path) instanceof Tensor))
      throw badState(where, `${key}.${path}`, 'a tensor for this weight', entryOf(entry, path));
  }
  return entry as Tensors;
}

/** Zeros of the weights' shapes, by path. */
export function zerosFor(params: Tensors): Tensors {
  return Object.fromEntries(Object.entries(params).map(([path, weight]) => [path, zerosLike(weight)]));
}

/** Copies of the weights with memory of their own: an optimizer may change a weight where it lies. */
export function copiesOf(params: Tensors): Tensors {
  const one = filled(1);
  return Object.fromEntries(Object.entries(params).map(([path, weight]) => [path, mul(weight, one)]));
}

/** A constant in the weights' shapes, by path. */
export function constantFor(params: Tensors, value: number): Tensors {
  return Object.fromEntries(
    Object.entries(params).map(([path, weight]) => [path, fill(weight.shape, value, 'float32')]),
  );
}

/** The entry of a node, or undefined: never an inherited one, never one of a tensor. */
export function entryOf(state: OptimizerState | undefined, key: string): OptimizerState | undefined {
  if (state === undefined || state instanceof Tensor || !Object.hasOwn(state, key)) return undefined;
  return state[key];
}

/** The error for an entry that is missing or of another kind. */
export function badState(where: string, key: string, expected: string, received: unknown): GradstreamError {
  return new GradstreamError('GS_OPTIMIZER_STATE', {
    where,
    what: `The state does not belong to this optimizer and these weights: it has no "${key}" of the right kind`,
    expected,
    received: received === undefined ? 'nothing' : received instanceof Tensor ? 'a tensor' : 'a nested object',
    next: 'Pass the state that init() gave for the same weights, or one that was saved from the same optimizer.',
  });
}
