import { fromKerasConfig, toKerasConfig, type Config } from '@gradstream/core';
import { expect, it } from 'vitest';
import golden from '../fixtures/keras-configs.json' with { type: 'json' };
import * as exported from './index.js';
import { initializer, type Initializer } from './index.js';

const MODULE = 'keras.initializers';

/** The initializer made with options; `constant` takes its number alone. */
function made(name: string, options: Record<string, unknown>): Initializer {
  const factories = exported as unknown as Record<string, (options?: unknown) => Initializer>;
  return name === 'constant' ? factories.constant!(options.value) : factories[name]!(options);
}

it.each(golden.initializers)(
  "$name $options has Keras' JSON, and Keras' JSON makes it again",
  ({ name, options, json }) => {
    const { config } = made(name, options);
    expect(toKerasConfig(config!, MODULE)).toEqual(json);
    const read: Config = fromKerasConfig(json, MODULE);
    expect(read).toEqual(config);
    expect(initializer(read).config).toEqual(config);
  },
);

it("saves the gain of an identity, which Keras' own JSON leaves out", () => {
  const { config } = exported.identity({ gain: 2 });
  const json = toKerasConfig(config!, MODULE);
  expect(json.config).toEqual({ gain: 2 });
  expect(initializer(fromKerasConfig(json, MODULE)).config).toEqual(config);
});
