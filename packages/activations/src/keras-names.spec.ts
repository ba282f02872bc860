import { lookup } from '@gradstream/core';
import { describe, expect, it } from 'vitest';
import golden from '../fixtures/activations.json' with { type: 'json' };
import names from '../fixtures/keras-names.json' with { type: 'json' };
import * as exported from './index.js';
import { activation, activationName } from './index.js';

const keras = names.activations;

/** Why a name of Keras has no counterpart of its own. */
const REASONS: Readonly<Record<string, string>> = {
  get: 'activation()',
  deserialize: 'activation() with a name or a config',
  serialize: 'activationName(), or .config where there are options',
};

const withNumbers = new Set([...golden.elementwise, ...golden.vector].map((row) => row.name));
const camel = (word: string): string => word.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

describe("every name of Keras' activations", () => {
  it.each(keras.exports.filter((name) => !Object.hasOwn(REASONS, name)))(
    '%s is exported and has numbers of Keras',
    (name) => {
      const options = { code: 'GS_ACTIVATION_UNKNOWN', where: 'here', kind: 'export' } as const;
      const found = lookup(exported as Record<string, unknown>, name, options) as exported.Activation;
      expect(found).toBeTypeOf('function');
      expect(withNumbers).toContain(activationName(found));
    },
  );

  it.each(keras.words)('the word %s finds one, also in camelCase', (word) => {
    // A name cannot give the two numbers of threshold; Keras finds the function and fails when it calls it.
    const config = word === 'threshold' ? { threshold: 1, defaultValue: 0 } : {};
    for (const type of [word, camel(word)]) {
      const found = activation({ type, config });
      if (word === 'threshold') expect(found.config!.type).toBe('threshold');
      else expect(found).toBe(activation(type));
    }
  });

  it('has a reason only where Keras has the name', () => {
    for (const name of Object.keys(REASONS)) expect(keras.exports).toContain(name);
    expect(keras.words).toHaveLength(32);
  });
});
