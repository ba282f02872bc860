import { activationName, type Activation } from '@gradstream/activations';
import { GradstreamError, type Config, type Json } from '@gradstream/core';

/** A part's config as JSON; null where there is no part. Throws `GS_LAYER_CONFIG` for a function that has none. */
export function partConfig(where: string, option: string, part: object | undefined): Json {
  if (part === undefined) return null;
  const { config } = part as { readonly config?: Config };
  if (config !== undefined) return { type: config.type, config: config.config };
  throw withoutConfig(where, option);
}

/** The name of an activation, or the config of a function of one's own. Throws `GS_LAYER_CONFIG` for a function of one's own. */
export function activationConfig(where: string, activation: Activation): Json {
  const name = activationName(activation);
  if (name !== undefined) return name;
  const { config } = activation as { readonly config?: Config };
  if (config !== undefined) return { type: config.type, config: config.config };
  throw withoutConfig(where, 'activation');
}

function withoutConfig(where: string, option: string): GradstreamError {
  return new GradstreamError('GS_LAYER_CONFIG', {
    where,
    what: `The option "${option}" is a function that no file can hold`,
    expected: 'one of the library by name, or a customFunction(name, f)',
    received: 'a function without a config',
    next: 'Use a named one where the model is to be saved; its weights can be saved as safetensors in any case.',
  });
}
