import { describeValue, fromKerasConfig, type Config, type Json } from '@gradstream/core';
import { layerFromConfig, type CustomParts } from '../layer-from-config.js';
import type { Layer } from '../layer.js';
import { isObject, kerasError, type JsonObject } from './keras-reading.js';
import { LAYER_TABLES } from './keras-tables.js';

/** What Keras writes for every layer and has no meaning here: it is left out where it is off, and refused where it is on. */
const OFF = ['quantizationConfig', 'loraRank', 'loraAlpha', 'synchronized', 'seed'];

/** A layer of Keras' JSON; layers inside it (of wrappers) come with its config. */
export function layerOfKeras(json: JsonObject, custom: CustomParts): Layer {
  const plain = withoutPolicies(json) as JsonObject;
  const config = fromKerasConfig(
    plain,
    isObject(plain) && plain.registered_name ? undefined : 'keras.layers',
    LAYER_TABLES,
  );
  return layerFromConfig(withoutOff(config), custom);
}

/** Policies of dtypes as the name of the dtype; only float32 is computed in. */
function withoutPolicies(value: Json, depth = 0): Json {
  if (depth > 64) throw kerasError('The JSON is nested too deep', 'at most 64 levels', 'more');
  if (Array.isArray(value)) return value.map((one: Json) => withoutPolicies(one, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === 'dtype' ? policyName(one) : withoutPolicies(one, depth + 1),
    ]),
  );
}

function policyName(dtype: Json): Json {
  const name = isObject(dtype) && isObject(dtype.config) ? dtype.config.name : dtype;
  // Whole numbers are what layers that move values are told; they keep what they get here.
  if (
    name === 'float32' ||
    name === undefined ||
    name === null ||
    name === 'int32' ||
    name === 'int64' ||
    name === 'bool'
  )
    return 'float32';
  throw kerasError('A layer computes in a dtype that is not here', 'float32', describeValue(name));
}

function withoutOff({ type, config }: Config): Config {
  const kept = Object.entries(config)
    .filter(([key, value]) => !(OFF.includes(key) && (value === null || value === false)))
    .map(([key, value]): [string, Json] => [key, isConfig(value) ? { ...withoutOff(value) } : value]);
  return { type, config: Object.fromEntries(kept) };
}

function isConfig(value: Json): value is Config & Json {
  return isObject(value) && typeof value.type === 'string' && isObject(value.config);
}
