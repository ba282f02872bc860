import { foldIn, type Json } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { CallContext, Layer, WeightSpec } from '../layer.js';

// A layer inside a layer: its weights carry its name in front, `forward_lstm/kernel`. An empty name stands for the outer layer itself.

/** The weights of a layer inside, as the outer layer describes them. */
export function innerSpecs(layer: Layer, specs: readonly WeightSpec[], name: string): WeightSpec[] {
  return specs.map((spec) => ({
    ...spec,
    name: prefixed(name, spec.name),
    trainable: layer.trainable && (spec.trainable ?? true),
  }));
}

/** The numbers of the weights of a layer inside, by its own names. */
export function innerWeights(
  weights: Readonly<Record<string, Tensor>>,
  name: string,
): Readonly<Record<string, Tensor>> {
  if (name === '') return weights;
  const start = `${name}/`;
  const own = Object.entries(weights).filter(([path]) => path.startsWith(start));
  return Object.fromEntries(own.map(([path, value]) => [path.slice(start.length), value]));
}

/** The context of a layer inside: a key of its own, its name in front of what goes up. The masks stay those of the outer layer. */
export function innerContext(context: CallContext, name: string): CallContext {
  const { key, frozen, update, observe, ...rest } = context;
  const up = (inner: string): string => prefixed(name, inner);
  return {
    ...rest,
    key: foldIn(key, name),
    ...(frozen === undefined ? {} : { frozen: (weight: string) => frozen(up(weight)) }),
    ...(update === undefined ? {} : { update: (weight: string, value: Tensor) => update(up(weight), value) }),
    ...(observe === undefined ? {} : { observe: (path: string, output: Tensor) => observe(up(path), output) }),
  };
}

/** The config of a layer inside, as a part of the outer layer's. */
export function innerConfig(layer: Layer): Json {
  const { type, config } = layer.toConfig();
  return { type, config };
}

const prefixed = (name: string, inner: string): string => (name === '' ? inner : `${name}/${inner}`);
