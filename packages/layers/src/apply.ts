import type { Layer } from './layer.js';
import { applied, one } from './internal/symbolic.js';
import type { SymbolicInputs, SymbolicTensor } from './symbolic-tensor.js';

/**
 * Applies a layer to symbolic tensors: `apply(attention(), [query, value])`. The same layer applied twice shares its weights.
 *
 * Throws what the layer throws for shapes it cannot take, `GS_LAYER_INPUTS` and `GS_LAYER_DTYPE` for inputs that do not fit, and `GS_LAYER_OUTPUTS`
 * for a layer of several outputs.
 */
export function apply(layer: Layer, inputs: SymbolicInputs): SymbolicTensor {
  return one(layer, applyAll(layer, inputs));
}

/** Applies a layer and gives all its outputs: `const [y, h, c] = applyAll(lstm(8, { returnState: true }), x)`. */
export function applyAll(layer: Layer, inputs: SymbolicInputs): readonly SymbolicTensor[] {
  return applied(layer, Array.isArray(inputs) ? (inputs as readonly SymbolicTensor[]) : [inputs as SymbolicTensor]);
}
