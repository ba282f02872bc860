import { describe, expect, it } from 'vitest';
import golden from '../fixtures/keras-configs.json' with { type: 'json' };
import type { Config } from './config.js';
import { fromKerasConfig } from './from-keras-config.js';
import { isGradstreamError } from './gradstream-error.js';
import { toKerasConfig } from './to-keras-config.js';

interface Written {
  readonly module: string;
  readonly class_name: string;
}
const { losses, metrics, optimizers, schedules, holders } = golden as unknown as Record<string, Written[]>;
const all = [losses!, metrics!, optimizers!, schedules!, holders!]
  .flat()
  .map((json) => [json.class_name, json] as const);

const codeOf = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return isGradstreamError(error) ? `${error.code} ${error.message}` : error;
  }
};

describe('toKerasConfig', () => {
  it.each(all)(
    "%s: what Keras wrote is the same after the way to a config and back, and has none of Keras' keys",
    (_, json) => {
      const config = fromKerasConfig(json, json.module);
      expect(toKerasConfig(config, json.module)).toEqual(json);
      expect(JSON.parse(JSON.stringify(config))).toEqual(config);
      expect(JSON.stringify(config)).not.toMatch(/"[a-z0-9]+_\w+":|class_name|registered_name|"module"/);
      expect(fromKerasConfig(toKerasConfig(config, json.module))).toEqual(config);
    },
  );

  it('has some hundred parts of Keras to prove that with', () => {
    expect(all.length).toBeGreaterThan(90);
    expect(new Set(all.map(([name]) => name)).size).toBeGreaterThan(80);
  });

  it('writes keys, names and nested parts as Keras does', () => {
    const config: Config = {
      type: 'Dense',
      config: {
        units: 2,
        activation: 'leakyRelu',
        kernelInitializer: { type: 'VarianceScaling', config: { mode: 'fanAvg' } },
        biasConstraint: null,
        notes: { someWords: ['kept', 'asTheyAre'] },
      },
    };
    expect(toKerasConfig(config, 'keras.layers')).toEqual({
      module: 'keras.layers',
      class_name: 'Dense',
      config: {
        units: 2,
        activation: 'leaky_relu',
        kernel_initializer: {
          module: 'keras.initializers',
          class_name: 'VarianceScaling',
          config: { mode: 'fan_avg' },
          registered_name: null,
        },
        bias_constraint: null,
        notes: { someWords: ['kept', 'asTheyAre'] },
      },
      registered_name: null,
    });
  });

  it("takes exceptions from the caller's tables", () => {
    const tables = {
      keys: { gamma3: 'gamma_3' },
      types: { Input: 'InputLayer' },
      names: ['side'],
      modules: { part: 'keras.losses' },
    };
    const config: Config = {
      type: 'Input',
      config: { gamma3: 1, side: 'leftHand', part: { type: 'Huber', config: {} } },
    };
    const json = toKerasConfig(config, 'keras.layers', tables);
    expect(json).toMatchObject({
      class_name: 'InputLayer',
      config: { gamma_3: 1, side: 'left_hand', part: { module: 'keras.losses' } },
    });
    expect(fromKerasConfig(json, 'keras.layers', tables)).toEqual(config);
    expect(codeOf(() => fromKerasConfig(json, 'keras.layers'))).toMatch(/gamma_3/);
  });

  it('writes what Keras lacks under the name that it is registered by', () => {
    const tables = { registered: { KlSparsity: 'gradstream>KlSparsity' } };
    const [json] = golden.custom;
    const config = fromKerasConfig(json, 'keras.regularizers', tables);
    expect(config).toEqual({ type: 'KlSparsity', config: { target: 0.1, factor: 2 } });
    expect(toKerasConfig(config, 'keras.regularizers', tables)).toEqual({ ...json, module: 'gradstream' });
    expect(codeOf(() => fromKerasConfig(json))).toMatch(/GS_KERAS_CONFIG.*not one of Keras/);
    expect(codeOf(() => fromKerasConfig({ ...json, registered_name: 'other>KlSparsity' }, undefined, tables))).toMatch(
      /GS_KERAS_CONFIG/,
    );
  });

  it.each([
    ['no config', { kind: 'Dense' }],
    ['a text', 'Dense'],
    ["a function's name", { type: 'relu', config: {} }],
    ['a class with an underscore', { type: '__lambda__', config: {} }],
    ['a key in snake_case', { type: 'Adam', config: { beta_1: 1 } }],
    ['two keys that are one', { type: 'Adam', config: { beta1: 1, beta_1: 1 } }],
    ['no number', { type: 'L1', config: { l1: Number.NaN } }],
    ['an infinite one', { type: 'L1', config: { l1: [Infinity] } }],
    ['nothing', { type: 'L1', config: { l1: undefined } }],
    ['a function', { type: 'L1', config: { l1: () => 1 } }],
    ['a date', { type: 'L1', config: { l1: new Date(0) } }],
    ['typed numbers', { type: 'L1', config: { l1: new Float32Array(2) } }],
    ['a sparse list', { type: 'L1', config: { l1: Array.from({ length: 3 }).fill(1, 1) } }],
    ['what would be a part', { type: 'L1', config: { l1: { class_name: 'Adam' } } }],
    ['a name that is none', { type: 'Dense', config: { activation: 'ReLU' } }],
    ['a key of the prototype', { type: 'L1', config: JSON.parse('{"__proto__":{"polluted":true}}') }],
  ])('refuses %s', (_, config) => {
    expect(codeOf(() => toKerasConfig(config as unknown as Config, 'keras.layers'))).toMatch(/^GS_KERAS_CONFIG/);
  });

  it('refuses a config that holds itself, another module than of Keras, and tables that are none', () => {
    const endless: { type: string; config: Record<string, unknown> } = { type: 'L1', config: {} };
    endless.config.l1 = endless;
    expect(codeOf(() => toKerasConfig(endless as unknown as Config, 'keras.layers'))).toMatch(/too deep/);
    const good: Config = { type: 'L1', config: {} };
    expect(codeOf(() => toKerasConfig(good, 'os.path'))).toMatch(/^GS_KERAS_CONFIG/);
    expect(codeOf(() => toKerasConfig(good, 'keras.x', { keys: null } as never))).toMatch(/^GS_OPTION_VALUE/);
    expect(codeOf(() => toKerasConfig(good, 'keras.x', { names: { a: 'b' } } as never))).toMatch(/^GS_OPTION_VALUE/);
    expect(codeOf(() => toKerasConfig(good, 'keras.x', { keyz: {} } as never))).toMatch(/Did you mean "keys"/);
  });
});
