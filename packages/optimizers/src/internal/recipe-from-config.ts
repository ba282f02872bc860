import { lookup, type Config, type Json } from '@gradstream/core';
import { adadelta } from '../adadelta.js';
import { adafactor } from '../adafactor.js';
import { adagrad } from '../adagrad.js';
import { adam } from '../adam.js';
import { adamW } from '../adam-w.js';
import { adamax } from '../adamax.js';
import { ftrl } from '../ftrl.js';
import type { GradientTransformation } from '../gradient-transformation.js';
import { lamb } from '../lamb.js';
import { lion } from '../lion.js';
import { muon } from '../muon.js';
import { nadam } from '../nadam.js';
import { rmsprop } from '../rmsprop.js';
import { scheduleFreeAdamW } from '../schedule-free-adam-w.js';
import { schedule } from '../schedules/schedule-from-config.js';
import { sgd } from '../sgd.js';
import { patternsFrom, regExp } from './weight-patterns.js';

const recipes: Readonly<Record<string, (options?: never) => GradientTransformation>> = {
  sgd,
  rmsprop,
  adam,
  adamw: adamW,
  nadam,
  adamax,
  adagrad,
  adadelta,
  ftrl,
  lion,
  lamb,
  adafactor,
  muon,
  schedulefreeadamw: scheduleFreeAdamW,
};

/** Options under another name than Keras' in camelCase. */
const RENAMED: Readonly<Record<string, string>> = {
  clipnorm: 'clipNorm',
  clipvalue: 'clipValue',
  globalClipnorm: 'globalClipNorm',
};

/** What nothing is made of: a name, and what changes no number. */
const IGNORED = ['name', 'relativeStep'];

/** The recipe of a name in any case, with these options. Throws `GS_OPTIMIZER_UNKNOWN` for another name. */
export function recipeByName(where: string, name: string, options: object = {}): GradientTransformation {
  const known = { code: 'GS_OPTIMIZER_UNKNOWN', where, kind: 'optimizer' } as const;
  return lookup(recipes, name.toLowerCase().replaceAll('_', ''), known)(options as never);
}

/** The recipe of a config: Keras' class and its arguments in camelCase. Throws `GS_OPTIMIZER_UNKNOWN` for another class, and what the recipe throws. */
export function recipeFromConfig(where: string, { type, config }: Config): GradientTransformation {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(config)) {
    const restored = optionOf(type, name, value, config);
    if (restored !== undefined) options[RENAMED[name] ?? name] = restored;
  }
  return recipeByName(where, type, options);
}

function optionOf(type: string, name: string, value: Json, config: Config['config']): unknown {
  if (IGNORED.includes(name)) return undefined;
  // Keras writes these down even where nothing is averaged.
  if (/^ema/.test(name) && config['useEma'] !== true) return undefined;
  if (value === null) {
    if (name === 'rmsRate') return null;
    // These decay by default, and null says that they do not.
    return /weightDecay$/i.test(name) && /^(adamw|muon)$/i.test(type) ? 0 : undefined;
  }
  if (name === 'learningRate' && typeof value === 'object') return schedule(value as never);
  if (name === 'excludeFromWeightDecay') return patternsFrom(value);
  if (name === 'excludeLayers' && Array.isArray(value)) {
    return value.map((one: Json) => (typeof one === 'string' ? regExp(one) : one));
  }
  return value;
}
