import type { Config, Json } from './config.js';
import { asConfig, entriesOf, plainValue, refuse, rootPlace, type Place } from './internal/keras-place.js';
import { checkModule, moduleOf, ourKey, ourName, ourType, wordsOf, type KerasWords } from './internal/keras-words.js';
import type { KerasTables } from './keras-tables.js';

/**
 * The `Config` that Keras' JSON describes: `toKerasConfig` backwards, with the same tables. Nothing is looked up, imported or executed.
 *
 * `json` is the parsed JSON, from a source that need not be trusted. With `module` the part has to belong to it, as `keras.initializers`; nested parts
 * have to belong to the modules in which `toKerasConfig` would look for them. Arrays of NumPy or of Keras (`__numpy__`, `__tensor__`) become lists.
 * Throws `GS_KERAS_CONFIG` for any other shape, for keys that have no spelling of ours, for classes outside Keras that `tables.registered` does not
 * name, for `__proto__` and its like, for numbers that are not finite, for more than 64 levels, a million values or a million characters in one text.
 */
export function fromKerasConfig(json: unknown, module?: string, tables: KerasTables = {}): Config {
  const place = rootPlace('core/fromKerasConfig');
  const words = wordsOf(place.where, tables);
  const fields = new Map(
    typeof json === 'object' && json !== null ? entriesOf(place, json).map(([key, one]) => [key, one] as const) : [],
  );
  if (!fields.has('class_name')) throw refuse(place, "This is no part in Keras' JSON", EXPECTED, json);
  return readPart(fields, place, module, words);
}

const EXPECTED = 'an object of module, class_name, config and registered_name';

type Fields = ReadonlyMap<string, unknown>;

function readPart(fields: Fields, place: Place, expected: string | undefined, words: KerasWords): Config & Json {
  const known = ['module', 'class_name', 'config', 'registered_name'];
  const other = [...fields.keys()].find((key) => !known.includes(key) && !words.beside.has(key));
  if (other !== undefined) throw refuse(place, 'A part has a key that is not read', EXPECTED, other);
  const type = ourType(place, fields.get('class_name'), words);
  const module = readModule(fields, place, type, expected, words);
  const config = fields.get('config');
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw refuse(place, 'A part has no config', 'an object under "config"', config);
  }
  const entries = entriesOf(place, config).map(([key, value, below]): [string, Json] => {
    const name = ourKey(below, key, words);
    return [name, readValue(value, below, name, module, words)];
  });
  if (new Set(entries.map(([key]) => key)).size < entries.length) {
    throw refuse(place, 'Two keys are one after the conversion', 'different keys', config);
  }
  return { type, config: Object.fromEntries(entries) };
}

/** The module of a part of Keras, or the one around a registered class. */
function readModule(
  fields: Fields,
  place: Place,
  type: string,
  expected: string | undefined,
  words: KerasWords,
): string {
  const [module, registered] = [fields.get('module'), fields.get('registered_name') ?? null];
  const own = words.registered.get(type);
  if (own !== undefined && registered === own) return expected ?? 'keras';
  if (registered !== null || own !== undefined) {
    throw refuse(place, 'The class is not one of Keras', `the registered name ${own ?? 'null'}`, registered);
  }
  return checkModule(place, module, expected);
}

function readValue(value: unknown, place: Place, key: string, module: string, words: KerasWords): Json {
  const plain = plainValue(place, value);
  if (typeof plain === 'string' && words.names.has(key)) return ourName(place, plain);
  if (plain !== undefined) return plain;
  if (Array.isArray(value)) {
    return entriesOf(place, value).map(([, one, below]) => readValue(one, below, key, module, words));
  }
  const entries = entriesOf(place, value);
  const fields = new Map(entries.map(([name, one]) => [name, one]));
  if (fields.has('class_name')) {
    const numbers = readNumbers(fields, place);
    if (numbers !== undefined) return numbers;
    const type = ourType(place, fields.get('class_name'), words);
    return readPart(fields, place, moduleOf(type, key, module, words), words);
  }
  if (asConfig(value) !== undefined) {
    throw refuse(place, 'A plain object looks like one of our configs', 'an object without "type" and "config"', value);
  }
  return Object.fromEntries(
    entries.map(([name, one, below]) => [name, readValue(one, below, key, module, words)] as const),
  );
}

/** The numbers of an array that Keras wrote with its type, as lists; undefined for anything else. */
function readNumbers(fields: Fields, place: Place): Json | undefined {
  if (!['__numpy__', '__tensor__'].includes(fields.get('class_name') as string)) return undefined;
  const config = fields.get('config');
  const value = typeof config === 'object' && config !== null ? (config as { value?: unknown }).value : undefined;
  if (fields.size === 2 && value !== undefined) return readList(value, place);
  throw refuse(place, 'The numbers are not where they should be', 'a config with "value" and "dtype"', config);
}

function readList(value: unknown, place: Place): Json {
  if (Array.isArray(value)) return entriesOf(place, value).map(([, one, below]) => readList(one, below));
  const plain = plainValue(place, value);
  if (typeof plain === 'number' || typeof plain === 'boolean') return plain;
  throw refuse(place, 'An array holds something else than numbers', 'numbers or lists of them', value);
}
