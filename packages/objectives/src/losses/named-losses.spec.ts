import type { Config, Json } from '@gradstream/core';
import { describe, expect, it } from 'vitest';
import crossentropies from '../../fixtures/loss-crossentropies.json' with { type: 'json' };
import focal from '../../fixtures/loss-focal.json' with { type: 'json' };
import margins from '../../fixtures/loss-margins.json' with { type: 'json' };
import names from '../../fixtures/loss-names.json' with { type: 'json' };
import reductions from '../../fixtures/loss-reductions-a-h.json' with { type: 'json' };
import moreReductions from '../../fixtures/loss-reductions-h-z.json' with { type: 'json' };
import regressions from '../../fixtures/loss-regressions.json' with { type: 'json' };
import structures from '../../fixtures/loss-structures.json' with { type: 'json' };
import * as exported from './index.js';
import { loss, lossFromConfig } from './index.js';
import { lossesByClass } from './named-losses.js';

/** What keras.losses has that is no loss, and what stands for it here. */
const others: Record<string, string> = {
  Loss: 'the interface Loss: an object that fits it is a loss, without a base class',
  LossFunctionWrapper: 'loss(function)',
  deserialize: 'lossFromConfig',
  get: 'loss',
  serialize: 'the config of a loss',
};

const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const classes = Object.keys(lossesByClass);

describe('the losses of Keras', () => {
  it('are all here: classes, functions and spellings', () => {
    expect(names.exports.length).toBeGreaterThan(45);
    for (const name of [...names.exports, ...names.spellings]) {
      if (name in others) continue;
      const { config } = loss(name);
      expect(classes, name).toContain(config!.type);
    }
  });

  it('are each exported under the name of the function of Keras', () => {
    const functions = names.exports.filter((name) => /^[a-z]/.test(name) && !(name in others));
    expect(functions).toHaveLength(classes.length);
    for (const name of functions) {
      expect(Object.keys(exported), name).toContain(camel(name));
      expect(loss(name).name).toBe(camel(name));
    }
  });

  it('have a reason each where they are missing, and no reason is left over', () => {
    const known = [...names.exports, ...names.spellings];
    for (const name of Object.keys(others)) expect(known).toContain(name);
  });

  it('are all compared with the numbers of Keras, and so are their reductions', () => {
    const values = [crossentropies, focal, margins, regressions, structures].flatMap(({ cases }) =>
      cases.map(({ type }) => type),
    );
    const reduced = [reductions, moreReductions].flatMap(({ cases }) => cases.map(({ type }) => type));
    expect([...new Set(values)].toSorted()).toEqual(classes.toSorted());
    expect([...new Set(reduced)].toSorted()).toEqual(classes.toSorted());
  });
});

describe('configs', () => {
  interface KerasObject {
    readonly class_name: string;
    readonly config: Record<string, Json>;
  }

  const fromKeras = ({ class_name: type, config }: KerasObject): Config => ({
    type,
    config: Object.fromEntries(Object.entries(config).map(([key, value]) => [camel(key), value])),
  });
  const toKeras = ({ type, config }: Config): KerasObject => ({
    class_name: type,
    config: Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        snake(key),
        key === 'reduction' ? snake(value as string) : (value as Json),
      ]),
    ),
  });

  it.each((names.configs as unknown as KerasObject[]).map((one) => [JSON.stringify(one.config), one] as const))(
    'of Keras are taken and given back: %s',
    (_, { class_name, config }) => {
      const made = loss(fromKeras({ class_name, config }));
      // Here are options too that Keras forgets: delta of huber, axis of two others.
      expect(toKeras(made.config!)).toMatchObject({ class_name, config });
    },
  );

  it.each(classes)('make the same %s again', (type) => {
    const { config } = lossFromConfig({ type, config: { reduction: 'sum', name: 'mine' } });
    expect(config).toMatchObject({ type, config: { reduction: 'sum', name: 'mine' } });
    expect(lossFromConfig(JSON.parse(JSON.stringify(config)) as Config).config).toEqual(config);
  });

  it('hold every option', () => {
    const { huber, cosineSimilarity, sparseCategoricalCrossentropy } = exported;
    expect(huber({ delta: 2 }).config!.config).toEqual({ name: 'huber', reduction: 'sumOverBatchSize', delta: 2 });
    expect(cosineSimilarity({ axis: 1 }).config!.config).toMatchObject({ axis: 1 });
    expect(sparseCategoricalCrossentropy({ axis: 1, reduction: null }).config!.config).toEqual({
      name: 'sparseCategoricalCrossentropy',
      reduction: 'none',
      fromLogits: false,
      ignoreClass: null,
      axis: 1,
    });
  });
});
