import { GradstreamError, describeValue, type Config } from '@gradstream/core';
import { modelOfConfig } from './internal/model-of-config.js';
import { layerFromConfig, type CustomParts } from './layer-from-config.js';
import type { Model } from './model.js';

/**
 * A model from its config: the inverse of `model.toConfig()`, with weights newly drawn from the config's seed. Shapes are checked as in any definition.
 *
 * Layers and functions of one's own come through `custom`; nothing in the config is run. Throws `GS_MODEL_CONFIG` for something that describes no graph,
 * and what `layerFromConfig`, `sequential` and `model` throw.
 */
export function modelFromConfig(config: Config, custom: CustomParts = {}): Model {
  const type = (config as Partial<Config> | undefined)?.type;
  if (type === 'Sequential' || type === 'Functional')
    return modelOfConfig(config, (inner) => layerFromConfig(inner, custom));
  throw new GradstreamError('GS_MODEL_CONFIG', {
    where: 'layers/modelFromConfig',
    what: 'This is no config of a model',
    expected: "{ type: 'Sequential' or 'Functional', config }",
    received: describeValue(type ?? config),
    next: 'Pass what model.toConfig() gave; for a single layer use layerFromConfig.',
  });
}
