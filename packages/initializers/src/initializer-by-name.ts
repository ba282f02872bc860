import { checkOptions, isConfig, lookup, type Config, type Json } from '@gradstream/core';
import { constant } from './constant.js';
import { glorotNormal } from './glorot-normal.js';
import { glorotUniform } from './glorot-uniform.js';
import { heNormal } from './he-normal.js';
import { heUniform } from './he-uniform.js';
import { identity } from './identity.js';
import type { Initializer } from './initializer.js';
import { lecunNormal } from './lecun-normal.js';
import { lecunUniform } from './lecun-uniform.js';
import { ones } from './ones.js';
import { orthogonal } from './orthogonal.js';
import { randomNormal } from './random-normal.js';
import { randomUniform } from './random-uniform.js';
import { stft } from './stft.js';
import { truncatedNormal } from './truncated-normal.js';
import { varianceScaling } from './variance-scaling.js';
import { zeros } from './zeros.js';

type Options = Readonly<Record<string, Json>>;

/** Initializers by name, made from the options of their config. */
const byName: Readonly<Record<string, (options: Options) => Initializer>> = {
  zeros: without('zeros', zeros),
  ones: without('ones', ones),
  constant: (options) => {
    checkOptions('initializers/constant', options, ['value']);
    return constant(options.value as number | undefined);
  },
  randomNormal,
  randomUniform,
  truncatedNormal,
  varianceScaling,
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
  identity,
  orthogonal,
  stft,
};

/** Other words that Keras takes. */
const ALIASES: Readonly<Record<string, string>> = {
  normal: 'randomNormal',
  uniform: 'randomUniform',
  one: 'ones',
  zero: 'zeros',
  STFT: 'stft',
  STFTInitializer: 'stft',
  IdentityInitializer: 'identity',
  OrthogonalInitializer: 'orthogonal',
};

/**
 * An initializer by name, `glorotUniform`, `glorot_uniform` or `GlorotUniform`, with its default options, or from the config of one; a function is
 * given back unchanged. Throws `GS_INITIALIZER_UNKNOWN` for anything else.
 */
export function initializer(nameOrFunction: string | Initializer | Config): Initializer {
  if (typeof nameOrFunction === 'function') return nameOrFunction;
  const { type, config } = isConfig(nameOrFunction) ? nameOrFunction : { type: nameOrFunction, config: {} };
  return lookup(byName, nameOf(type), {
    code: 'GS_INITIALIZER_UNKNOWN',
    where: 'initializers/initializer',
    kind: 'initializer',
  })(config);
}

/** Our name for a word: a class name begins with a small letter here. */
function nameOf(word: unknown): unknown {
  if (typeof word !== 'string') return word;
  return Object.hasOwn(ALIASES, word) ? ALIASES[word] : word.charAt(0).toLowerCase() + word.slice(1);
}

/** An initializer that takes no options refuses those that a config has. */
function without(name: string, make: () => Initializer): (options: Options) => Initializer {
  return (options) => {
    checkOptions(`initializers/${name}`, options, []);
    return make();
  };
}
