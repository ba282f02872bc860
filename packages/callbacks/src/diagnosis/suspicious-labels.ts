import { checkNumber, checkOptions, type Callback, type ModelFacts, type TensorStatistics } from '@gradstream/core';
import { numberText } from '../internal/number-text.js';
import { Episodes } from './episodes.js';
import { watching, type Finding, type Watcher } from './watcher.js';
import { paceOf } from './pace.js';

/** Options of `suspiciousLabels`. */
export interface SuspiciousLabelsOptions {
  /** Steps between two observations. Default: every 10th of the first 100 steps, then every 200th. The first ones are all observed. */
  readonly every?: number;
  /** Observed batches in which labels have to be all the same. Default 5. */
  readonly window?: number;
}

const WHERE = 'callbacks/suspiciousLabels';

/** What an output behind an activation can reach. */
const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  sigmoid: [0, 1],
  softmax: [0, 1],
  tanh: [-1, 1],
  relu: [0, Number.POSITIVE_INFINITY],
  relu6: [0, 6],
  softplus: [0, Number.POSITIVE_INFINITY],
};

/**
 * Finds labels that look wrong: the same on every sample of several batches, or outside of what the output can reach (above 1 behind a sigmoid, below 0 behind
 * relu).
 *
 * Labels that a loss refuses, as a class that there is not, end training with an error of their own. Classes as whole numbers have no range here. Reports the diagnosis
 * `constantLabels` or `labelsOutOfRange` for each output once; evidence: `min` and `max` of the labels of the last batch. Throws `GS_OPTION_*` for options that
 * cannot be used.
 */
export function suspiciousLabels(options: SuspiciousLabelsOptions = {}): Callback {
  const begin = suspiciousLabelsWatcher(options);
  return watching('suspiciousLabels', () => [begin()]);
}

/** The same as a part of several diagnoses. */
export function suspiciousLabelsWatcher(options: SuspiciousLabelsOptions = {}): () => Watcher {
  checkOptions(WHERE, options, ['every', 'window']);
  const pace = paceOf(WHERE, options.every);
  const window = checkNumber(WHERE, 'window', options.window ?? 5, { min: 1, integer: true });
  return () => {
    let model: ModelFacts | undefined;
    const episodes = new Episodes();
    return {
      requests: [{ kind: 'targets', ...pace, window, warmUp: window }],
      examine(event) {
        if (event.type === 'trainBegin') model = event.model;
        if (event.type !== 'statistics' || event.kind !== 'targets' || model === undefined) return [];
        return Object.entries(event.tensors).flatMap(([output, statistics]) => [
          ...(episodes.begins(statistics.constantFraction === 1, `constant ${output}`)
            ? [constantLabels(output, statistics)]
            : []),
          ...outOfRange(model!, output, statistics).filter(() => episodes.begins(true, `range ${output}`)),
        ]);
      },
    };
  };
}

function constantLabels(output: string, { min, max }: TensorStatistics): Finding {
  return {
    name: 'constantLabels',
    severity: 'warning',
    message: `All labels of "${output}" are the same${min === max ? `, ${numberText(min)},` : ''} on every sample of several batches: there is nothing to learn`,
    evidence: { min, max },
    remedy:
      'Shuffle the data, which may be sorted by label; look whether the right column, field or file is taken for the labels.',
  };
}

function outOfRange({ outputs, layers }: ModelFacts, output: string, { min, max }: TensorStatistics): Finding[] {
  const facts = outputs.find(({ name }) => name === output);
  if (facts === undefined || facts.loss === null || /sparse/i.test(facts.loss)) return [];
  const activation = activationBehind(layers, facts.layer);
  const range = activation === null ? undefined : RANGES[activation];
  // Rounding on the way to float32 is no mistake.
  if (range === undefined || (min >= range[0] - 1e-6 && max <= range[1] + 1e-6)) return [];
  return [
    {
      name: 'labelsOutOfRange',
      severity: 'warning',
      message: `Labels of "${output}" are between ${numberText(min)} and ${numberText(max)}, and its ${activation} reaches from ${range[0]} to ${range[1]} only`,
      evidence: { min, max, least: range[0], ...(Number.isFinite(range[1]) ? { most: range[1] } : {}) },
      remedy: `Bring the labels into that range, or take an output without ${activation}: for numbers of any size none at all (linear).`,
    },
  ];
}

/** The activation that an output went through; what gives it another shape comes after it. */
function activationBehind(layers: ModelFacts['layers'], layer: string): string | null {
  const own = layers.find(({ name }) => name === layer)?.activation;
  return own ?? layers.findLast(({ output, activation }) => output && activation !== null)?.activation ?? null;
}
