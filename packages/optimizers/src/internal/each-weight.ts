import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Tensors } from '../gradient-transformation.js';

/**
 * Does one weight after another and collects what it gives by name, each a record by weight path.
 *
 * Each weight has its own scope: what it does not give back is freed at once, and its memory serves the next weight while it is still cached.
 */
export function eachWeight<K extends string>(
  params: Tensors,
  names: readonly K[],
  step: (path: string, weight: Tensor) => Readonly<Record<K, Tensor>>,
): Readonly<Record<K, Tensors>> {
  const given = Object.entries(params).map(
    ([path, weight]) => [path, tidy(() => ({ ...step(path, weight) }))] as const,
  );
  const byName = (name: K): Tensors => Object.fromEntries(given.map(([path, tensors]) => [path, tensors[name]]));
  return Object.fromEntries(names.map((name) => [name, byName(name)])) as Record<K, Tensors>;
}
