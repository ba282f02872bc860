import type { Config, Json } from '@gradstream/core';
import type { Layer } from '../layer.js';

/** Makes a layer of the options in its config; `inner` makes a layer of a config inside. */
export type LayerType = (options: Readonly<Record<string, Json>>, inner: (config: Config) => Layer) => Layer;

/** How layers are made, by type. */
export type LayerTypes = Readonly<Record<string, LayerType>>;

/** A row for a factory whose first arguments are options of the config: `layerType(dense, 'units')`. The factory checks all of them itself. */
export function layerType(factory: (...given: never[]) => Layer, ...places: readonly string[]): LayerType {
  return (options) => {
    const rest = Object.fromEntries(Object.entries(options).filter(([name]) => !places.includes(name)));
    return factory(...([...places.map((name) => options[name]), rest] as never[]));
  };
}
