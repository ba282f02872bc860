import { describe, expect, it } from 'vitest';
import golden from '../fixtures/keras-configs.json' with { type: 'json' };
import { fromKerasConfig } from './from-keras-config.js';
import { GradstreamError } from './gradstream-error.js';
import { toKerasConfig } from './to-keras-config.js';

/** A part of Keras with something else in place of some of it. */
const part = (change: object = {}): Record<string, unknown> => ({
  module: 'keras.initializers',
  class_name: 'HeNormal',
  config: { seed: null },
  registered_name: null,
  ...change,
});

function errorOf(call: () => unknown): GradstreamError {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(GradstreamError);
    return error as GradstreamError;
  }
  throw new Error('Nothing was thrown');
}

/** The same JSON with one value replaced, for every value in it. */
function* replacements(json: unknown, by: readonly unknown[]): Generator<unknown> {
  yield* by;
  if (typeof json !== 'object' || json === null) return;
  for (const [key, value] of Object.entries(json)) {
    for (const other of replacements(value, by)) {
      yield Array.isArray(json) ? json.with(Number(key), other) : { ...json, [key]: other };
    }
  }
}

describe('fromKerasConfig', () => {
  it('gives a config', () => {
    expect(fromKerasConfig(part({ config: { input_axes: [0], seed: 3 } }))).toEqual({
      type: 'HeNormal',
      config: { inputAxes: [0], seed: 3 },
    });
    const { registered_name: _, ...short } = part();
    expect(fromKerasConfig(short, 'keras.initializers').type).toBe('HeNormal');
  });

  it('makes lists of the arrays that Keras writes with their type', () => {
    const values = golden.arrays.map((json) => fromKerasConfig(json).config.value);
    expect(values).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      [0.5, -1],
    ]);
  });

  it('leaves what stands beside a part to a caller that says so', () => {
    const json = part({ build_config: { input_shape: [null, 2] } });
    expect(errorOf(() => fromKerasConfig(json)).message).toContain('build_config');
    expect(fromKerasConfig(json, undefined, { beside: ['build_config'] })).toEqual(fromKerasConfig(part()));
  });

  const deep = (levels: number): unknown => {
    let value: unknown = 1;
    for (let i = 0; i < levels; i++) value = [value];
    return value;
  };
  const nested = (json: unknown): unknown => part({ config: { kernel_initializer: json } });

  it.each<[string, unknown]>([
    ['the text of the JSON', JSON.stringify(part())],
    ['nothing', null],
    ['undefined', undefined],
    ['a number', 3],
    ['a list', [part()]],
    ['an object without a class', { config: {} }],
    ['no module', part({ module: null })],
    ['a module outside Keras', part({ module: 'os' })],
    ['a module that only begins like one', part({ module: 'keras.initializers; os' })],
    ['a registered class', part({ registered_name: 'mine>HeNormal' })],
    ['a function', { module: 'builtins', class_name: 'function', config: 'relu', registered_name: 'function' }],
    ['a lambda', { class_name: '__lambda__', config: { value: ['code'] } }],
    ['a class that is a number', part({ class_name: 3 })],
    ['a class with dots', part({ class_name: 'os.system' })],
    ['a class of the prototype', part({ class_name: '__proto__' })],
    ['a long class', part({ class_name: 'A'.repeat(1000) })],
    ['no config', part({ config: null })],
    ['a list for a config', part({ config: [] })],
    ['another key', part({ extra: 1 })],
    ['a key in camelCase', part({ config: { inputAxes: [0] } })],
    ['a key with a digit behind an underscore', part({ config: { gamma_3: 1 } })],
    ['a key that would become another one', part({ config: { beta1: 1 } })],
    ['a long key', part({ config: { ['a'.repeat(300)]: 1 } })],
    ['a key of the prototype', JSON.parse('{"class_name":"A","module":"keras","config":{"__proto__":{"a":1}}}')],
    ['one beside the class', JSON.parse('{"class_name":"A","module":"keras","config":{},"__proto__":{"a":1}}')],
    ['one below', part({ config: { words: JSON.parse('{"constructor":{"prototype":1}}') } })],
    ['an infinite number', part({ config: JSON.parse('{"seed":1e999}') })],
    ['an object with a prototype', part({ config: new Map() })],
    ['a part in the wrong module', nested(part({ module: 'keras.layers' }))],
    ['a lambda inside', nested({ class_name: '__lambda__', config: { value: 'x' } })],
    ['an array of text', nested({ class_name: '__numpy__', config: { value: ['x'], dtype: 'object' } })],
    ['an array without numbers', nested({ class_name: '__numpy__', config: null })],
    ['one of our configs', nested({ type: 'HeNormal', config: {} })],
    ['names that are none', part({ config: { activation: 'ReLU' } })],
    ['a deep list', part({ config: { value: deep(100_000) } })],
    ['a huge list', part({ config: { value: Array.from({ length: 1_000_001 }).fill(0) } })],
    ['a list that says it is huge', part({ config: { value: [Object.assign([], { length: 2 ** 31 })] } })],
    ['a huge text', part({ config: { value: 'x'.repeat(1_000_001) } })],
  ])('refuses %s', (_, json) => {
    const error = errorOf(() => fromKerasConfig(json));
    expect(error.code).toBe('GS_KERAS_CONFIG');
    expect(error.message.length).toBeLessThan(800);
  });

  it('says where in the JSON it is wrong, and pollutes nothing', () => {
    expect(errorOf(() => fromKerasConfig(nested(part({ module: 'keras.layers' })))).what).toContain(
      'kernel_initializer',
    );
    errorOf(() => fromKerasConfig(JSON.parse('{"class_name":"A","module":"keras","config":{"__proto__":{"bad":1}}}')));
    expect((Object.prototype as { bad?: unknown }).bad).toBeUndefined();
  });

  it('refuses a part of another module than the one that is asked for', () => {
    expect(errorOf(() => fromKerasConfig(part(), 'keras.regularizers')).expected).toBe('keras.regularizers');
  });

  it('reads any damaged part as what it is, or refuses it: nothing else is thrown and nothing is changed silently', () => {
    const wrong: unknown[] = [null, true, -1, 'x', 'A_b', [], {}, [[]], { class_name: 'A' }, { type: 'A', config: {} }];
    let [read, refused] = [0, 0];
    for (const json of golden.holders.filter((_, index) => index % 5 === 2)) {
      for (const damaged of replacements(json, wrong)) {
        try {
          const config = fromKerasConfig(damaged);
          const module = (damaged as { module: string }).module;
          expect(toKerasConfig(config, module)).toEqual(damaged);
          read++;
        } catch (error) {
          if (!(error instanceof GradstreamError)) throw error;
          expect(error.code).toBe('GS_KERAS_CONFIG');
          refused++;
        }
      }
    }
    expect(read).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(300);
  });

  it('takes a vocabulary of a hundred thousand words in linear time: seconds even on a busy machine', () => {
    const words = Array.from({ length: 100_000 }, (_, i) => `word_${i}`);
    const start = performance.now();
    const { vocabulary } = fromKerasConfig(part({ config: { vocabulary: words } })).config;
    expect(performance.now() - start).toBeLessThan(5000);
    expect(vocabulary).toEqual(words);
  });
});
