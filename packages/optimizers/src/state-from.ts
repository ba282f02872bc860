import { describeValue, GradstreamError } from '@gradstream/core';
import { Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerState } from './gradient-transformation.js';

interface Node {
  readonly entries: Map<string, Node | Tensor>;
}

/**
 * The state that `stateTensors` took apart. The tensors are used as they are, not copied.
 *
 * Parts without tensors leave no trace and come back as missing entries, which every transformation takes for `{}`.
 * Throws `GS_OPTIMIZER_STATE` where a path is both a tensor and a node, or an entry is no tensor.
 */
export function stateFrom(tensors: Readonly<Record<string, Tensor>>): OptimizerState {
  const root: Node = { entries: new Map() };
  const paths = Object.keys(tensors);
  for (const path of paths) {
    const tensor: unknown = tensors[path];
    if (!(tensor instanceof Tensor)) throw badPath(path, 'a tensor', describeValue(tensor));
    if (path === '') {
      if (paths.length === 1) return tensor;
      throw badPath(path, 'no other path beside the empty one', describeValue(paths));
    }
    const keys = keysOf(path);
    let node = root;
    for (const key of keys.slice(0, -1)) {
      const entry = node.entries.get(key) ?? { entries: new Map<string, Node | Tensor>() };
      if (entry instanceof Tensor) throw badPath(path, 'a path through nodes', `a tensor at "${key}"`);
      node.entries.set(key, entry);
      node = entry;
    }
    const last = keys.at(-1)!;
    if (node.entries.has(last)) throw badPath(path, 'one entry of this path', 'two');
    node.entries.set(last, tensor);
  }
  return plain(root);
}

function plain(node: Node): OptimizerState {
  return Object.fromEntries(
    [...node.entries].map(([key, entry]) => [key, entry instanceof Tensor ? entry : plain(entry)]),
  );
}

/** Splits at dots that have no backslash before them, and takes the backslashes off. */
function keysOf(path: string): string[] {
  const keys = [''];
  for (let i = 0; i < path.length; i++) {
    if (path[i] === '.') keys.push('');
    else keys[keys.length - 1] += path[i] === '\\' && i + 1 < path.length ? path[++i]! : path[i]!;
  }
  return keys;
}

function badPath(path: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_OPTIMIZER_STATE', {
    where: 'optimizers/stateFrom',
    what: `The entry "${path}" does not fit into a state`,
    expected,
    received,
    next: 'Pass what stateTensors() gave.',
  });
}
