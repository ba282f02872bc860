import { checkOptions, describeValue, GradstreamError, suggest, type Config, type Json } from '@gradstream/core';
import { withFunctions } from './custom-function.js';
import { LAYER_TYPES } from './internal/layer-types.js';
import { modelOfConfig } from './internal/model-of-config.js';
import type { Layer } from './layer.js';

/** Makes a layer of its options: name and trainable are among them where the config has them. */
export type LayerFactory = (options: Readonly<Record<string, Json>>) => Layer;

/** What a config may name beside the layers of this package: layers of one's own by type, functions by the name of their `customFunction`. */
export interface CustomParts {
  readonly layers?: Readonly<Record<string, LayerFactory>>;
  readonly functions?: Readonly<Record<string, (...given: never[]) => unknown>>;
}

/**
 * A layer from its config, a model included: the inverse of `toConfig`. Only layers of this package and those passed in are made; nothing in the config is run.
 *
 * Throws `GS_LAYER_UNKNOWN` for a type that is neither, `GS_LAYER_CONFIG` for something that is no config, and what the layer throws for its options.
 */
export function layerFromConfig(config: Config, custom: CustomParts = {}): Layer {
  checkOptions('layers/layerFromConfig', custom, ['layers', 'functions']);
  const { layers = {}, functions = {} } = custom;
  const { type, options: written } = checkConfig(config);
  const make = (inner: Config): Layer => layerFromConfig(inner, custom);
  if (type === 'Sequential' || type === 'Functional') return modelOfConfig(config, make);
  const options = withFunctions(written, functions) as Readonly<Record<string, Json>>;
  if (Object.hasOwn(layers, type)) return layers[type]!(options);
  if (Object.hasOwn(LAYER_TYPES, type)) return LAYER_TYPES[type]!(options, make);
  const known = [...Object.keys(LAYER_TYPES), ...Object.keys(layers)];
  const near = suggest(type, known);
  throw new GradstreamError('GS_LAYER_UNKNOWN', {
    where: 'layers/layerFromConfig',
    what: 'There is no layer of this type',
    expected: 'a layer of this package, or one that is passed in',
    received: type,
    next:
      near === undefined
        ? `Pass a factory for it: layerFromConfig(config, { layers: { ${type}: (options) => layer } }).`
        : `Did you mean "${near}"?`,
  });
}

/** Takes a config apart; options that are null are left out, as they stand for the default. */
function checkConfig(config: unknown): { readonly type: string; readonly options: Readonly<Record<string, Json>> } {
  const { type, config: own } = (config ?? {}) as Partial<Config>;
  if (typeof type !== 'string' || typeof own !== 'object' || own === null || Array.isArray(own)) {
    throw new GradstreamError('GS_LAYER_CONFIG', {
      where: 'layers/layerFromConfig',
      what: 'This is no config of a layer',
      expected: '{ type, config }',
      received: describeValue(config),
      next: 'Pass what toConfig() gave.',
    });
  }
  return { type, options: Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null)) };
}
