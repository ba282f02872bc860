import { checkNumber, checkOptions, describeValue, GradstreamError, type Callback } from '@gradstream/core';
import { deadRelusWatcher, type DeadRelusOptions } from './dead-relus.js';
import { explodingGradientsWatcher, type ExplodingGradientsOptions } from './exploding-gradients.js';
import { nonFiniteValuesWatcher, type NonFiniteValuesOptions } from './non-finite-values.js';
import { overfittingWatcher, type OverfittingOptions } from './overfitting.js';
import { plateauWatcher, type PlateauOptions } from './plateau.js';
import { saturatedActivationsWatcher, type SaturatedActivationsOptions } from './saturated-activations.js';
import { suspiciousLabelsWatcher, type SuspiciousLabelsOptions } from './suspicious-labels.js';
import { vanishingGradientsWatcher, type VanishingGradientsOptions } from './vanishing-gradients.js';
import { watching, type Watcher } from './watcher.js';

/** Options of `diagnose`: those of each diagnosis, or false to leave it out. */
export interface DiagnoseOptions {
  /** Steps between two observations, for all that are not told otherwise. Default: every 10th of the first 100 steps, then every 200th. */
  readonly every?: number;
  readonly vanishingGradients?: VanishingGradientsOptions | false;
  readonly explodingGradients?: ExplodingGradientsOptions | false;
  readonly deadRelus?: DeadRelusOptions | false;
  readonly nonFiniteValues?: NonFiniteValuesOptions | false;
  readonly saturatedActivations?: SaturatedActivationsOptions | false;
  readonly plateau?: PlateauOptions | false;
  readonly overfitting?: OverfittingOptions | false;
  readonly suspiciousLabels?: SuspiciousLabelsOptions | false;
}

const WHERE = 'callbacks/diagnose';

/** In the order in which they speak to one event. Those that observe steps take `every`. */
const WATCHERS = {
  nonFiniteValues: nonFiniteValuesWatcher,
  suspiciousLabels: suspiciousLabelsWatcher,
  vanishingGradients: vanishingGradientsWatcher,
  explodingGradients: explodingGradientsWatcher,
  deadRelus: deadRelusWatcher,
  saturatedActivations: saturatedActivationsWatcher,
  plateau: plateauWatcher,
  overfitting: overfittingWatcher,
} as const;
type Name = keyof typeof WATCHERS;

/** What follows `every`: what looks at epochs does not, and what looks at every step reads it at its own pace. */
const SAMPLED: readonly Name[] = [
  'suspiciousLabels',
  'vanishingGradients',
  'explodingGradients',
  'deadRelus',
  'saturatedActivations',
];

/**
 * Watches a training for what goes wrong in networks, and states each as a `diagnosis` event with the evidence and what to try: vanishing and exploding gradients, dead
 * units behind relu, numbers that are not finite, saturated sigmoids, plateaus, overfitting, and labels that look wrong.
 *
 * Each is a callback of its own too. Few steps are observed, which take about twice as long; the search for numbers that are not finite keeps a copy of weights, optimizer and the
 * last batches, which `nonFiniteValues: false` spares. Nothing is changed in the training (`docs/diagnosis.md` has figures). Throws `GS_OPTION_*` for options that cannot be used.
 */
export function diagnose(options: DiagnoseOptions = {}): Callback {
  const names = Object.keys(WATCHERS) as Name[];
  checkOptions(WHERE, options, ['every', ...names]);
  const { every } = options;
  if (every !== undefined) checkNumber(WHERE, 'every', every, { min: 1, integer: true });
  const begins = names.flatMap((name): (() => Watcher)[] => {
    const own: unknown = options[name] === undefined ? {} : options[name];
    if (own === false) return [];
    if (typeof own !== 'object' || own === null) throw notOptions(name, own);
    const watcherOf = WATCHERS[name] as (options: object) => () => Watcher;
    return [watcherOf(SAMPLED.includes(name) && every !== undefined ? { every, ...own } : own)];
  });
  return watching('diagnose', () => begins.map((begin) => begin()));
}

function notOptions(name: string, received: unknown): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where: WHERE,
    what: `The option "${name}" has a value that cannot be used`,
    expected: 'options of that diagnosis, or false',
    received: describeValue(received),
    next: `Pass ${name}: false to leave it out, or leave the option away.`,
  });
}
