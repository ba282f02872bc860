import type { LayerFacts, ModelFacts, Statistics } from '@gradstream/core';

/** A layer's main weight: what its depth in the network is told by. */
export interface Kernel {
  readonly layer: string;
  readonly path: string;
}

/**
 * The largest weight of each layer that trains, in the order of the layers. Weights with one axis (biases, scales) are left out: they start at 0 or 1 and say
 * little; and those of embeddings, of which a batch touches only a few rows.
 */
export function kernelsOf({ layers }: ModelFacts): readonly Kernel[] {
  const seen = new Set<string>();
  return layers.flatMap((layer) => {
    const path = largest(layer);
    if (path === undefined || seen.has(path) || layer.type.includes('Embedding')) return [];
    seen.add(path);
    return [{ layer: layer.name, path }];
  });
}

function largest({ weights }: LayerFacts): string | undefined {
  const sized = weights
    .filter(({ shape, trainable }) => trainable && shape.length > 1)
    .map(({ path, shape }) => ({ path, size: shape.reduce((product, side) => product * side, 1) }));
  return sized.toSorted((a, b) => b.size - a.size)[0]?.path;
}

/** The norm of all tensors of an observation together. */
export function normOfAll({ tensors }: Pick<Statistics, 'tensors'>): number {
  return Math.hypot(...Object.values(tensors).map(({ norm }) => norm));
}

/** Norms over norms of the same paths in another observation, of kernels: how far an update moves each. Weights that are 0 have no ratio. */
export function updateRatios(
  kernels: readonly Kernel[],
  updates: Statistics['tensors'],
  weights: Statistics['tensors'],
): ReadonlyMap<string, number> {
  const ratios = new Map<string, number>();
  for (const { path } of kernels) {
    const [update, weight] = [updates[path], weights[path]];
    if (update !== undefined && weight !== undefined && weight.norm > 0) ratios.set(path, update.norm / weight.norm);
  }
  return ratios;
}
