import { fromKerasConfig, toKerasConfig, type Config } from '@gradstream/core';
import { describe, expect, it } from 'vitest';
import golden from '../fixtures/keras-configs.json' with { type: 'json' };
import * as constraints from './constraints/index.js';
import { constraint } from './constraints/index.js';
import * as regularizers from './index.js';
import { klSparsity, regularizer } from './index.js';

interface Part {
  readonly config?: Config;
}
type Factories = Record<string, (options?: unknown) => Part>;

/** The regularizer made with options; `l1` and `l2` take their factor alone. */
function regularizerOf(name: string, options: Record<string, unknown>): Part {
  const factories = regularizers as unknown as Factories;
  return name === 'l1' || name === 'l2' ? factories[name]!(options[name]) : factories[name]!(options);
}

/** Keras keeps the factors of L1 and of the orthogonal regularizer in float32, so 0.01 comes out as 0.009999999776482582; here it stays 0.01. */
const inFloat32 = (json: object): unknown =>
  JSON.parse(JSON.stringify(json), (_, value: unknown) => (typeof value === 'number' ? Math.fround(value) : value));

describe("regularizers in Keras' JSON", () => {
  it.each(golden.regularizers)('$name $options', ({ name, options, json }) => {
    const { config } = regularizerOf(name, options);
    expect(inFloat32(toKerasConfig(config!, 'keras.regularizers'))).toEqual(inFloat32(json));
    const read = fromKerasConfig(json, 'keras.regularizers');
    expect(inFloat32(read)).toEqual(inFloat32(config!));
    expect(regularizer(read).config).toEqual(read);
  });

  it('of a class that Keras lacks, under the name that it is registered by', () => {
    const { config } = klSparsity({ target: 0.1 });
    const tables = { registered: { KlSparsity: 'gradstream>KlSparsity' } };
    const json = toKerasConfig(config!, 'keras.regularizers', tables);
    expect(json.registered_name).toBe('gradstream>KlSparsity');
    expect(regularizer(fromKerasConfig(json, 'keras.regularizers', tables)).config).toEqual(config);
  });
});

describe("constraints in Keras' JSON", () => {
  it.each(golden.constraints)('$name $options', ({ name, options, json }) => {
    const { config } = (constraints as unknown as Factories)[name]!(options);
    expect(toKerasConfig(config!, 'keras.constraints')).toEqual(json);
    const read = fromKerasConfig(json, 'keras.constraints');
    expect(read).toEqual(config);
    expect(constraint(read).config).toEqual(config);
  });
});
