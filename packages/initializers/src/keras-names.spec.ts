import { lookup } from '@gradstream/core';
import { describe, expect, it } from 'vitest';
import { statistics } from '../fixtures/initializer-statistics.js';
import golden from '../fixtures/initializers.json' with { type: 'json' };
import configs from '../fixtures/keras-configs.json' with { type: 'json' };
import names from '../fixtures/keras-names.json' with { type: 'json' };
import * as exported from './index.js';
import { initializer } from './index.js';

const keras = names.initializers;

/** Why a name of Keras has no counterpart of its own. */
const REASONS: Readonly<Record<string, string>> = {
  Initializer: "the type Initializer: one of one's own is a function",
  initializer: 'the word for the abstract class, of which Keras makes nothing useful',
  get: 'initializer()',
  deserialize: 'fromKerasConfig of core, then initializer()',
  serialize: 'toKerasConfig of core on .config',
};

const withReason = (name: string): boolean => Object.hasOwn(REASONS, name);
const factoryNames = new Set<string>(keras.exports.filter((name) => /^[a-z]/.test(name) && !withReason(name)));

describe("every name of Keras' initializers", () => {
  it.each(keras.exports.filter((name) => !withReason(name)))('%s is here', (name) => {
    if (factoryNames.has(name)) {
      const options = { code: 'GS_INITIALIZER_UNKNOWN', where: 'here', kind: 'export' } as const;
      expect(lookup(exported as Record<string, unknown>, name, options)).toBeTypeOf('function');
    }
    expect(initializer(name).config!.type).toMatch(/^[A-Z]/);
  });

  it.each(keras.words.filter((word) => !withReason(word)))('the word %s finds one', (word) => {
    expect(initializer(word).config).toBeDefined();
  });

  it('is named with a reason only where it is a name of Keras', () => {
    for (const name of Object.keys(REASONS)) expect([...keras.exports, ...keras.words]).toContain(name);
    expect(factoryNames.size).toBe(16);
  });
});

describe('every initializer of this package', () => {
  const types = new Set([...factoryNames].map((name) => initializer(name).config!.type));

  it.each([...types])('%s has numbers of Keras or a test of its distribution, and JSON of Keras', (type) => {
    const withNumbers = [...golden.named, ...golden.known, ...golden.transforms].map((row) => row.type);
    const withStatistics = statistics.map((one) => one.type);
    // The orthogonal one has rows of its own: matrices that Keras made of given numbers.
    const orthogonal = golden.orthogonal.length > 0 ? ['Orthogonal'] : [];
    expect([...withNumbers, ...withStatistics, ...orthogonal]).toContain(type);
    expect(configs.initializers.map(({ json }) => json.class_name)).toContain(type);
  });

  it('is a function that the package exports, and no other is', () => {
    const parts = Object.keys(exported).filter((name) => !['fans', 'initialValue', 'initializer'].includes(name));
    const named = parts.map((name) => initializer(name).config!.type);
    expect(named.toSorted()).toEqual([...types].toSorted());
  });
});
