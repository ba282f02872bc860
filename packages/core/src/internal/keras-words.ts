import { checkOptions } from '../check-options.js';
import { describeValue } from '../describe-value.js';
import { GradstreamError } from '../gradstream-error.js';
import type { KerasTables } from '../keras-tables.js';
import { refuse, type Place } from './keras-place.js';

/** All keys of Keras' API that do not follow from ours: a digit stands behind an underscore. */
const KEYS: Readonly<Record<string, string>> = {
  adamBeta1: 'adam_beta_1',
  adamBeta2: 'adam_beta_2',
  beta1: 'beta_1',
  beta2: 'beta_2',
  beta2Decay: 'beta_2_decay',
  epsilon1: 'epsilon_1',
  epsilon2: 'epsilon_2',
};

/** Where parts live that stand in parts of another module. */
const MODULES: Readonly<Record<string, string>> = {
  Functional: 'keras.src.models.functional',
  SeedGenerator: 'keras.random',
  Sequential: 'keras',
  activation: 'keras.layers',
  dtype: 'keras',
  innerOptimizer: 'keras.optimizers',
  learningRate: 'keras.optimizers.schedules',
};

/** Keys that end in one of these hold a part of this kind, as `kernelInitializer` does. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/[iI]nitializer$/, 'keras.initializers'],
  [/[rR]egularizer$/, 'keras.regularizers'],
  [/[cC]onstraint$/, 'keras.constraints'],
];

const NAMES = [
  ...['activation', 'classAggregation', 'dataFormat', 'distribution', 'mode', 'outputMode', 'recurrentActivation'],
  ...['reduction', 'standardize'],
];

/** The built-in tables and the caller's, ready to be asked. */
export interface KerasWords {
  readonly keys: ReadonlyMap<string, string>;
  readonly ourKeys: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, string>;
  readonly ourTypes: ReadonlyMap<string, string>;
  readonly modules: ReadonlyMap<string, string>;
  readonly names: ReadonlySet<string>;
  readonly registered: ReadonlyMap<string, string>;
  readonly beside: ReadonlySet<string>;
}

/** Joins the built-in tables with the caller's. Throws `GS_OPTION_*` for what are no tables. */
export function wordsOf(where: string, tables: KerasTables): KerasWords {
  checkOptions(where, tables, ['keys', 'types', 'modules', 'names', 'registered', 'beside']);
  for (const [name, table] of Object.entries(tables)) checkTable(where, name, table);
  const { keys = {}, types = {}, modules = {}, names = [], registered = {}, beside = [] } = tables;
  const allKeys = new Map(Object.entries({ ...KEYS, ...keys }));
  return {
    keys: allKeys,
    ourKeys: backwards(allKeys),
    types: new Map(Object.entries(types)),
    ourTypes: backwards(new Map(Object.entries(types))),
    modules: new Map(Object.entries({ ...MODULES, ...modules })),
    names: new Set([...NAMES, ...names]),
    registered: new Map(Object.entries(registered)),
    beside: new Set(beside),
  };
}

const backwards = (table: ReadonlyMap<string, string>): Map<string, string> =>
  new Map([...table].map(([ours, theirs]) => [theirs, ours]));

function checkTable(where: string, name: string, table: unknown): void {
  const list = name === 'names' || name === 'beside';
  const given = list ? Array.isArray(table) : typeof table === 'object' && table !== null && !Array.isArray(table);
  if (table === undefined || (given && Object.values(table as object).every((word) => typeof word === 'string')))
    return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The table "${name}" cannot be read`,
    expected: list ? 'a list of words' : "an object from our words to Keras'",
    received: describeValue(table),
    next: list ? `Give words, as { ${name}: ['one'] }.` : `Give words, as { ${name}: { ours: 'theirs' } }.`,
  });
}

const snake = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (text: string): string => text.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const CAMEL = /^[a-z][a-zA-Z0-9]*$/;
const SNAKE = /^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$/;
const MODULE = /^keras(\.[a-z_0-9]+)*$/;
const CLASS = /^[A-Z][a-zA-Z0-9]{0,127}$/;

/** Keras' key for ours. Refuses what is no camelCase. */
export function kerasKey(place: Place, key: string, { keys }: KerasWords): string {
  const known = keys.get(key);
  if (known !== undefined) return known;
  if (CAMEL.test(key)) return snake(key);
  throw refuse(place, 'A key has no spelling in Keras', 'a key in camelCase', key);
}

/** Our key for Keras'. Refuses what is no snake_case, so that the way back gives the same key. */
export function ourKey(place: Place, key: string, { ourKeys, keys }: KerasWords): string {
  const known = ourKeys.get(key);
  if (known !== undefined) return known;
  const ours = camel(key);
  if (SNAKE.test(key) && !keys.has(ours)) return ours;
  throw refuse(place, 'A key has no spelling of ours', 'a key in snake_case', key);
}

/** Keras' name for ours: `leaky_relu` for `leakyRelu`. What has no capitals stays; other capitals than those of camelCase are refused. */
export function kerasName(place: Place, name: string): string {
  if (CAMEL.test(name)) return snake(name);
  if (!/[A-Z]/.test(name)) return name;
  throw refuse(place, 'A name has no spelling in Keras', 'a name in camelCase', name);
}

/** Our name for Keras', backwards. */
export function ourName(place: Place, name: string): string {
  if (SNAKE.test(name)) return camel(name);
  if (!/[A-Z]/.test(name)) return name;
  throw refuse(place, 'A name has no spelling of ours', 'a name in snake_case', name);
}

/** The class of a type. Refuses what cannot be a class, as a plain function's name. */
export function kerasClass(place: Place, type: string, { types, ourTypes, registered }: KerasWords): string {
  const theirs = types.get(type) ?? type;
  const taken = theirs === type && ourTypes.has(type) && !registered.has(type);
  if (CLASS.test(theirs) && !taken) return theirs;
  throw refuse(place, 'Keras has no class for this type', 'the name of a class', type);
}

/** The type of a class. */
export function ourType(place: Place, name: unknown, { ourTypes, types }: KerasWords): string {
  const known = ourTypes.get(name as string);
  if (known !== undefined) return known;
  if (typeof name === 'string' && CLASS.test(name) && !types.has(name)) return name;
  throw refuse(place, 'A part has a class that cannot be read', 'the name of a class of Keras', name);
}

/** The module of a part nested in one of another module. */
export function moduleOf(type: string, key: string, around: string, { modules }: KerasWords): string {
  return modules.get(type) ?? modules.get(key) ?? ENDINGS.find(([ending]) => ending.test(key))?.[1] ?? around;
}

/** Throws for what is no module of Keras, or another than the one that is expected. */
export function checkModule(place: Place, module: unknown, expected: unknown = module): string {
  if (typeof module === 'string' && MODULE.test(module) && module === expected) return module;
  const right = typeof expected === 'string' && expected !== module ? expected : 'a module of Keras';
  throw refuse(place, 'The module is not the right one', right, module);
}
