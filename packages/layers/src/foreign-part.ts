import { isConfig, type Json } from '@gradstream/core';
import { isModel } from './internal/is-model.js';
import { OWN_TYPES } from './internal/own-types.js';
import type { Layer } from './layer.js';
import type { Model } from './model.js';

/** Where a config keeps a layer or a cell that works inside of another one. */
const INNER = new Set(['layer', 'layers', 'cell', 'cells', 'forwardLayer', 'backwardLayer']);

/**
 * The first part of a model that is not of the library, in words, such as `the layer "mine"`, or undefined where all are: a layer or a function of one's own. What
 * those compute may depend on more than the tensors that they are given.
 */
export function foreignPart(model: Model): string | undefined {
  for (const { layer, name } of model.nodes) {
    const found = isModel(layer) ? foreignPart(layer) : isForeign(layer) ? `the layer "${name}"` : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isForeign(layer: Layer): boolean {
  try {
    const { type, config } = layer.toConfig();
    return !OWN_TYPES.has(type) || isForeignConfig(config, false);
  } catch {
    // A function that no config can hold.
    return true;
  }
}

function isForeignConfig(value: Json, isLayer: boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((one) => isForeignConfig(one as Json, isLayer));
  if (isConfig(value) && (value.type === 'CustomFunction' || (isLayer && !OWN_TYPES.has(value.type)))) return true;
  return Object.entries(value).some(([key, one]) => isForeignConfig(one as Json, INNER.has(key)));
}
