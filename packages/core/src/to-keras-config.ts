import type { Config, Json } from './config.js';
import { asConfig, entriesOf, plainValue, refuse, rootPlace, type Place } from './internal/keras-place.js';
import {
  checkModule,
  kerasClass,
  kerasKey,
  kerasName,
  moduleOf,
  wordsOf,
  type KerasWords,
} from './internal/keras-words.js';
import type { KerasTables } from './keras-tables.js';

/** A part as Keras' `serialize_keras_object` writes it. */
export interface KerasConfig {
  readonly module: string;
  readonly class_name: string;
  readonly config: { readonly [key: string]: Json };
  readonly registered_name: string | null;
}

/**
 * The JSON that Keras 3 reads for a part: `{ module, class_name, config, registered_name }` with keys in snake_case, nested parts included.
 *
 * `module` is where Keras keeps such parts, for example `keras.initializers`. Numbers, lists and text stay as they are, text under the keys of
 * `tables.names` is put into snake_case, keys of plain objects are data and stay. `fromKerasConfig` is the way back.
 * Throws `GS_KERAS_CONFIG` for anything that is no config, for a type that has no Keras class, and for values that JSON cannot hold.
 */
export function toKerasConfig(config: Config, module: string, tables: KerasTables = {}): KerasConfig {
  const place = rootPlace('core/toKerasConfig');
  const words = wordsOf(place.where, tables);
  const part = asConfig(config);
  if (part === undefined) throw refuse(place, 'This is no config', 'an object of type and config', config);
  return writePart(part, place, checkModule(place, module), words);
}

function writePart({ type, config }: Config, place: Place, module: string, words: KerasWords): KerasConfig & Json {
  const class_name = kerasClass(place, type, words);
  const registered_name = words.registered.get(type) ?? null;
  const entries = entriesOf(place, config).map(([key, value, below]): [string, Json] => {
    const written = kerasKey(below, key, words);
    return [written, writeValue(value, below, key, module, words)];
  });
  const keys = new Set(entries.map(([key]) => key));
  if (keys.size < entries.length) throw refuse(place, 'Two keys are one in Keras', 'different keys', config);
  return {
    module: registered_name === null ? module : registered_name.split('>')[0]!,
    class_name,
    config: Object.fromEntries(entries),
    registered_name,
  };
}

function writeValue(value: unknown, place: Place, key: string, module: string, words: KerasWords): Json {
  const plain = plainValue(place, value);
  if (typeof plain === 'string' && words.names.has(key)) return kerasName(place, plain);
  if (plain !== undefined) return plain;
  if (Array.isArray(value)) {
    return entriesOf(place, value).map(([, one, below]) => writeValue(one, below, key, module, words));
  }
  const part = asConfig(value);
  if (part !== undefined) return writePart(part, place, moduleOf(part.type, key, module, words), words);
  const entries = entriesOf(place, value);
  if (Object.hasOwn(value as object, 'class_name')) {
    throw refuse(
      place,
      'A plain object with this key would be a part in Keras',
      'an object without "class_name"',
      value,
    );
  }
  return Object.fromEntries(
    entries.map(([name, one, below]) => [name, writeValue(one, below, key, module, words)] as const),
  );
}
