import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { metricFamilies as families, replay, type MetricNumbers as Numbers } from '../../fixtures/metric-case.js';
import names from '../../fixtures/metric-names.json' with { type: 'json' };
import * as metrics from './index.js';

const integer = ({ values }: Numbers): boolean => values.every((value) => Number.isInteger(value));

describe.each(['cpu', 'wasm'])('Keras over batches of three sizes, on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  describe.each(Object.entries(families))('%s', (_, { data, cases }) => {
    const titled = cases.map((one, index) => {
      const { name: __, ...settings } = one.config;
      return [`${index} ${one.type} ${JSON.stringify(settings)} on ${one.data}, weights ${one.weights}`, one] as const;
    });
    it.each(titled)('%s', (_, one) => {
      const given = data[one.data]!;
      replay(one, given, 'float32');
      if (backend === 'cpu' && integer(given.yTrue)) replay(one, given, 'int32');
    });
  });
});

/** What Keras has and this package does not, and why. */
const reasons: Readonly<Record<string, string>> = {
  Metric: 'the interface Metric, which needs no base class',
  MeanMetricWrapper: 'meanMetric(name, function)',
  binary_focal_crossentropy: 'a loss, and with it a name that metric() knows',
  categorical_focal_crossentropy: 'a loss, and with it a name that metric() knows',
  huber: 'a loss, and with it a name that metric() knows',
  log_cosh: 'logCoshError',
};

describe('the list of Keras metrics', () => {
  const spelled = new Map(Object.entries(names.spellings).map(([spelling, type]) => [type, spelling]));
  const all = Object.values(families).flatMap(({ cases }) => cases);
  const context = { outputShape: [null, 3], targetShape: [null, 3] };

  it.each(Object.entries(names.classes))('has %s, or a reason', (type, { direction, required, config }) => {
    if (type in reasons) return;
    expect(spelled.has(type)).toBe(true);
    const found = all.filter((one) => one.type === type);
    expect(found.length, `${type} has no fixture`).toBeGreaterThan(1);
    expect(found.some(({ weights }) => weights !== null)).toBe(true);
    const made = metrics.metric({ type, config: found[0]!.config }, context);
    expect(made.direction).toBe(direction ?? undefined);
    expect(config.filter((key) => !(key in made.config!.config))).toEqual([]);
    for (const key of required) expect(made.config!.config).toHaveProperty(key);
  });

  it.each(Object.entries(names.classes))('gives %s the defaults of Keras', (type, { required, options }) => {
    if (type in reasons) return;
    const found = all.find((one) => one.type === type)!;
    const given = Object.fromEntries(required.map((key) => [key, found.config[key]!]));
    const settings = metrics.metric({ type, config: given }, context).config!.config;
    for (const [key, value] of Object.entries(options)) {
      // Keras' own config leaves these out unless they are set.
      if ((type === 'AUC' && key === 'thresholds') || key === 'fromSortedIds') expect(settings[key]).toBeUndefined();
      else expect(settings[key], key).toEqual(value);
    }
  });

  it.each(Object.entries(names.spellings))('takes the spelling %s', (spelling, type) => {
    if (type in reasons) return;
    // By name alone Keras cannot make these either: they need an option.
    const required = (names.classes as Readonly<Record<string, { readonly required: string[] }>>)[type]!.required;
    const make = (): metrics.Metric => metrics.metric(spelling, context);
    if (required.length > 0) return expect(make).toThrow(expect.objectContaining({ code: 'GS_OPTION_VALUE' }));
    const chosen = /^accuracy$/i.test(spelling) ? 'CategoricalAccuracy' : type;
    expect(make()).toMatchObject({ name: spelling, config: { type: chosen } });
  });

  it.each(names.functions)('has the function %s as a name, or a reason', (name) => {
    if (name in reasons) return;
    expect(metrics.metric(name, context).name).toBe(name);
  });

  it('has a fixture for every exported metric', () => {
    const notFactories = new Set(['metric', 'meanMetric']);
    const withFixture = new Set(all.map(({ type }) => type.toLowerCase()));
    const without = Object.keys(metrics).filter(
      (name) => !notFactories.has(name) && !withFixture.has(name.toLowerCase()),
    );
    expect(without).toEqual([]);
  });

  it('gives reasons for nothing that it has', () => {
    expect(Object.keys(reasons).filter((name) => all.some(({ type }) => type === name))).toEqual([]);
  });
});
