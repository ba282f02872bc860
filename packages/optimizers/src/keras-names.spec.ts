import { describe, expect, it } from 'vitest';
import adaptive from '../fixtures/adaptive.json' with { type: 'json' };
import { camelCase, camelKeys } from '../fixtures/keras-case.js';
import names from '../fixtures/keras-names.json' with { type: 'json' };
import layerwise from '../fixtures/layerwise.json' with { type: 'json' };
import first from '../fixtures/optimizers.json' with { type: 'json' };
import scheduleFree from '../fixtures/schedule-free.json' with { type: 'json' };
import schedules from '../fixtures/schedules.json' with { type: 'json' };
import wrappers from '../fixtures/wrappers.json' with { type: 'json' };
import * as optimizers from './index.js';
import * as ours from './schedules/index.js';

/** Names of Keras that have another one here. */
const renamed: Readonly<Record<string, string>> = {
  SGD: 'sgd',
  RMSprop: 'rmsprop',
  LossScaleOptimizer: 'lossScale',
  MultiOptimizer: 'byPattern',
};

/** Names of Keras without an export, and why. */
const reasons: Readonly<Record<string, string>> = {
  Optimizer: 'a base class: any object with init and update is an optimizer here',
  OptimizerMap: 'the groups that byPattern takes',
  LearningRateSchedule: 'a base class: any function of the step is a schedule here',
};

const ourName = (name: string): string => renamed[name] ?? name[0]!.toLowerCase() + name.slice(1);

/** Classes with numbers of real Keras. */
const proven = new Set([
  ...first.cases.map(({ recipe }) => recipe),
  ...[adaptive, layerwise, scheduleFree].flatMap(({ cases }) => cases.map(({ type }) => ourName(type))),
  ...schedules.schedules.map(({ type }) => ourName(type)),
  ...Object.keys(wrappers).map((key) => (key === 'groups' ? 'byPattern' : key)),
]);

describe("Keras' names", () => {
  it.each([
    ...names.optimizers.map((name) => [name, optimizers as object] as const),
    ...names.schedules.map((name) => [name, ours as object] as const),
  ])('%s has an export with numbers of Keras, or a reason why not', (name, exports) => {
    if (Object.hasOwn(reasons, name)) return;
    expect(Object.keys(exports)).toContain(ourName(name));
    expect(proven).toContain(ourName(name));
  });

  it.each(Object.entries(names.defaults))('%s has the defaults and the config of Keras', (type, defaults) => {
    const { config } = optimizers.optimizer(type);
    // Keras rounds the learning rate to float32.
    const expected = camelKeys(defaults);
    expect(Math.fround(config!.config['learningRate'] as number)).toBe(Math.fround(expected['learningRate'] as number));
    expect({ ...config!.config, learningRate: 0 }).toEqual({ ...expected, learningRate: 0 });
    expect(config!.type).toBe(type);
    // The way back is mechanical: an underscore before a capital letter, and before a digit that follows a word.
    const snakeCase = (name: string): string =>
      name.replaceAll(/([a-z]{2})(\d)/g, '$1_$2').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    expect(Object.keys(config!.config).map(snakeCase).toSorted()).toEqual(Object.keys(defaults).toSorted());
  });

  it.each(Object.entries(names.arguments))('%s has the arguments of Keras', (type, given) => {
    const { arguments: some } = schedules.schedules.find((one) => one.type === type)!;
    const { config } = ours.schedule({ type, config: camelKeys(some) as never });
    expect(Object.keys(config!.config).toSorted()).toEqual(
      given
        .filter((name) => name !== 'name')
        .map(camelCase)
        .toSorted(),
    );
  });

  it('are all taken, and every reason is still needed', () => {
    expect(Object.keys(reasons).toSorted()).toEqual(
      [...names.optimizers, ...names.schedules].filter((name) => Object.hasOwn(reasons, name)).toSorted(),
    );
  });
});
