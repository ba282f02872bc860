import { Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerState } from './gradient-transformation.js';

/**
 * All tensors of a state by path, in a stable order: keys joined with dots, for example `0.m.dense/kernel`.
 *
 * A dot or backslash inside a key is written with a backslash before it. A state that is one tensor has the path `''`. The state keeps owning
 * the tensors. `stateFrom` is the way back.
 */
export function stateTensors(state: OptimizerState): Record<string, Tensor> {
  const entries: [string, Tensor][] = [];
  const visit = (node: OptimizerState, path: string): void => {
    if (node instanceof Tensor) entries.push([path, node]);
    else
      for (const [key, entry] of Object.entries(node))
        visit(entry, path === '' ? escaped(key) : `${path}.${escaped(key)}`);
  };
  visit(state, '');
  return Object.fromEntries(entries);
}

const escaped = (key: string): string => key.replaceAll(/[\\.]/g, '\\$&');
