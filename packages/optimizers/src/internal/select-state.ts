import { Tensor, where as select } from '@tensorflow/tfjs-core';
import type { OptimizerState } from '../gradient-transformation.js';
import { entryOf } from './state-access.js';

/** One of two states, leaf by leaf, as a scalar on the device says; undefined where they do not have the same leaves. */
export function selectState(
  condition: Tensor,
  chosen: OptimizerState,
  other: OptimizerState | undefined,
): OptimizerState | undefined {
  if (chosen === other) return chosen;
  if (chosen instanceof Tensor) return other instanceof Tensor ? select(condition, chosen, other) : undefined;
  if (other instanceof Tensor) return undefined;
  const keys = new Set([...Object.keys(chosen), ...Object.keys(other ?? {})]);
  const entries: [string, OptimizerState][] = [];
  for (const key of keys) {
    const entry = selectState(condition, entryOf(chosen, key) ?? {}, entryOf(other, key));
    if (entry === undefined) return undefined;
    entries.push([key, entry]);
  }
  return Object.fromEntries(entries);
}
