import { checkOptions, lookup, type Config, type Json } from '@gradstream/core';
import { constant } from './constant.js';
import { glorotNormal } from './glorot-normal.js';
import { glorotUniform } from './glorot-uniform.js';
import { heNormal } from './he-normal.js';
import { heUniform } from './he-uniform.js';
import type { Initializer } from './initializer.js';
import { lecunNormal } from './lecun-normal.js';
import { lecunUniform } from './lecun-uniform.js';
import { ones } from './ones.js';
import { orthogonal } from './orthogonal.js';
import { randomNormal } from './random-normal.js';
import { randomUniform } from './random-uniform.js';
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
  glorotUniform: without('glorotUniform', glorotUniform),
  glorotNormal: without('glorotNormal', glorotNormal),
  heUniform: without('heUniform', heUniform),
  heNormal: without('heNormal', heNormal),
  lecunUniform: without('lecunUniform', lecunUniform),
  lecunNormal: without('lecunNormal', lecunNormal),
  orthogonal,
  normal: randomNormal,
  uniform: randomUniform,
};

/**
 * An initializer by name, `glorotUniform` or `glorot_uniform`, with its default options, or from the config of one; a function is given back
 * unchanged. Throws `GS_INITIALIZER_UNKNOWN` for anything else.
 */
export function initializer(nameOrFunction: string | Initializer | Config): Initializer {
  if (typeof nameOrFunction === 'function') return nameOrFunction;
  const { type, config } = isConfig(nameOrFunction) ? nameOrFunction : { type: nameOrFunction, config: {} };
  const name = isConfig(nameOrFunction) ? type.charAt(0).toLowerCase() + type.slice(1) : type;
  return lookup(byName, name, {
    code: 'GS_INITIALIZER_UNKNOWN',
    where: 'initializers/initializer',
    kind: 'initializer',
  })(config);
}

function isConfig(value: unknown): value is Config {
  const { type, config } = (value ?? {}) as Partial<Config>;
  return typeof type === 'string' && typeof config === 'object' && config !== null;
}

/** An initializer that takes no options refuses those that a config has. */
function without(name: string, make: () => Initializer): (options: Options) => Initializer {
  return (options) => {
    checkOptions(`initializers/${name}`, options, []);
    return make();
  };
}
