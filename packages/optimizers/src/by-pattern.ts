import {
  checkBoolean,
  checkNumber,
  checkOptions,
  describeValue,
  GradstreamError,
  type Config,
  type Json,
} from '@gradstream/core';
import { checkList } from './schedules/internal/check-boundaries.js';
import type { GradientTransformation } from './gradient-transformation.js';
import { freeze } from './freeze.js';
import { isPart } from './internal/check-part.js';
import { isConfig } from './internal/is-config.js';
import { recipeByName, recipeFromConfig } from './internal/recipe-from-config.js';
import { scaledTransformation } from './internal/scaled-transformation.js';
import { entryOf } from './internal/state-access.js';
import { fullMatcher, isRegExp, patternSources, sourceOf } from './internal/weight-patterns.js';
import { partition } from './partition.js';
import type { Schedule } from './schedules/schedule.js';

/** Weights by the pattern of their paths, and how they are trained. */
export interface WeightGroup {
  /** A regular expression that fits the whole path, or a path, or the beginning of one: `dense_1` is all below `dense_1/`. */
  readonly match: string | RegExp;
  /** The group's optimizer, by name, config or as it is. Default: the default one, with what is given here instead. */
  readonly optimizer?: string | Config | GradientTransformation;
  /** The default optimizer's options with another learning rate. */
  readonly learningRate?: number | Schedule;
  /** The default optimizer's options with another weight decay, at least 0. */
  readonly weightDecay?: number;
  /** True: the group's weights stay as they are. Default false. */
  readonly freeze?: boolean;
}

const WHERE = 'optimizers/byPattern';

/**
 * Groups of weights, each with an optimizer, a learning rate or a weight decay of its own, or none at all; what no group matches has the default one.
 *
 * Keras' `MultiOptimizer`: a path that is a group's text exactly goes there, else to the group whose pattern fits the whole path; several are an error, as is a
 * loss scale inside (both `GS_OPTIMIZER_GROUPS`). A text that is the beginning of a path is ours. `withLearningRate` sets the rate of
 * the default group, and multiplies the others' by the same. State: `groups.default`, `groups.group0` and so on. Throws `GS_OPTION_*` for bad groups.
 */
export function byPattern(
  groups: readonly WeightGroup[],
  defaultOptimizer: string | Config | GradientTransformation,
): GradientTransformation {
  const fallback = optimizerOf(defaultOptimizer);
  const matches = checkList(WHERE, 'groups', groups).map((group, index) => ({
    label: `group${index}`,
    ...checkGroup(group, index, fallback),
  }));
  const labelOf = (path: string): string => labelFor(path, matches);
  // The default comes first: its learning rate is the one that is shown and set.
  const parts = Object.fromEntries(matches.map(({ label, optimizer }) => [label, optimizer]));
  const parted = partition(labelOf, { default: fallback, ...parts });
  const own = scaledTransformation(
    WHERE,
    (params) => ({ groups: parted.init(params) }),
    (scaled, state, params) => {
      const result = parted.updateScaled!(scaled, entryOf(state, 'groups') ?? {}, params);
      return { updates: result.updates, state: { groups: result.state } };
    },
  );
  const config = configOf(fallback, matches);
  return config === undefined ? own : { ...own, config };
}

interface Match {
  readonly label: string;
  readonly match: string | RegExp;
  readonly fits: (path: string) => boolean;
  readonly optimizer: GradientTransformation;
  readonly frozen: boolean;
}

function labelFor(path: string, matches: readonly Match[]): string {
  const exact = matches.find(({ match }) => match === path);
  if (exact !== undefined) return exact.label;
  const fitting = matches.filter(({ fits }) => fits(path));
  if (fitting.length < 2) return fitting[0]?.label ?? 'default';
  throw new GradstreamError('GS_OPTIMIZER_GROUPS', {
    where: WHERE,
    what: `The weight "${path}" is in more than one group`,
    expected: 'one group that matches, or none',
    received: fitting.map(({ match }) => String(match)).join(' and '),
    next: 'Make the patterns narrower.',
  });
}

function checkGroup(given: unknown, index: number, fallback: GradientTransformation): Omit<Match, 'label'> {
  const where = `${WHERE} groups[${index}]`;
  checkOptions(where, given ?? null, ['match', 'optimizer', 'learningRate', 'weightDecay', 'freeze']);
  const group = given as WeightGroup;
  const { match, optimizer, learningRate, weightDecay } = group;
  if (!isRegExp(match) && (typeof match !== 'string' || match === '')) {
    throw badGroup(
      where,
      'The option "match" has a value that cannot be used',
      'a text or a regular expression',
      match,
    );
  }
  const fits = isRegExp(match) ? fullMatcher(match) : (path: string): boolean => path.startsWith(`${match}/`);
  const frozen = checkBoolean(where, 'freeze', group.freeze ?? false);
  const changed = {
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(weightDecay === undefined ? {} : { weightDecay }),
  };
  if (frozen) {
    if (optimizer !== undefined || Object.keys(changed).length > 0)
      throw badGroup(where, 'A frozen group has no optimizer', '"freeze" beside "match" alone', Object.keys(group));
    return { match, fits, optimizer: freeze(), frozen };
  }
  if (weightDecay !== undefined) checkNumber(where, 'weightDecay', weightDecay, { min: 0 });
  if (optimizer === undefined) return { match, fits, optimizer: derived(where, fallback, changed), frozen };
  if (Object.keys(changed).length > 0)
    throw badGroup(
      where,
      'Both an optimizer and options for the default one are given',
      'one of the two',
      Object.keys(group),
    );
  return { match, fits, optimizer: optimizerOf(optimizer), frozen };
}

/** The default optimizer with other options. */
function derived(
  where: string,
  { config }: GradientTransformation,
  changed: Pick<WeightGroup, 'learningRate' | 'weightDecay'>,
): GradientTransformation {
  if (Object.keys(changed).length === 0)
    throw badGroup(
      where,
      'The group has nothing of its own',
      'optimizer, learningRate, weightDecay or freeze',
      'none of them',
    );
  if (config === undefined)
    throw badGroup(
      where,
      'The default optimizer has no config that could be changed',
      'a recipe such as adam()',
      'a transformation without a config',
    );
  return recipeFromConfig(where, { type: config.type, config: { ...config.config, ...(changed as object) } });
}

function optimizerOf(given: unknown): GradientTransformation {
  if (typeof given === 'string') return recipeByName(WHERE, given);
  if (isPart(given)) return given;
  if (isConfig(given)) return recipeFromConfig(WHERE, given);
  throw badGroup(
    WHERE,
    'This is no optimizer',
    'a name, a config, or an object with init(params) and update(gradients, state, params)',
    given,
  );
}

function configOf(fallback: GradientTransformation, matches: readonly Match[]): Config | undefined {
  if (fallback.config === undefined) return undefined;
  const map: Record<string, Json> = {};
  for (const { match, optimizer, frozen } of matches) {
    // Keras takes every text for a regular expression, and has no frozen groups.
    const key = typeof match === 'string' ? `${patternSources([match])![0]}(?:/.*)?` : sourceOf(match);
    if ((isRegExp(match) && match.flags !== '') || frozen || Object.hasOwn(map, key)) return undefined;
    if (optimizer.config === undefined) return undefined;
    map[key] = { ...optimizer.config };
  }
  const optimizerMap = { defaultOptimizer: { ...fallback.config }, optimizerMap: map };
  return { type: 'MultiOptimizer', config: { optimizerMap, lossScaleFactor: null } };
}

function badGroup(where: string, what: string, expected: string, received: unknown): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where,
    what,
    expected,
    received: typeof received === 'string' ? received : describeValue(received),
    next: "Pass for example { match: /encoder\\/.*/, learningRate: 1e-4 } or { match: 'encoder', freeze: true }.",
  });
}
