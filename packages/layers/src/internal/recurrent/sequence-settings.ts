import { checkBoolean } from '@gradstream/core';
import type { SequenceOptions } from '../../recurrent/sequence-options.js';

/** The names of the options that say what a layer does along time. */
export const SEQUENCE_OPTIONS = [
  'returnSequences',
  'returnState',
  'goBackwards',
  'stateful',
  'unroll',
  'zeroOutputForMask',
] as const;

/** Checks these options; all are false by default. */
export function sequenceSettings(where: string, options: SequenceOptions): Required<SequenceOptions> {
  const entries = SEQUENCE_OPTIONS.map((name) => [name, checkBoolean(where, name, options[name] ?? false)]);
  return Object.fromEntries(entries) as unknown as Required<SequenceOptions>;
}

/** The options without those along time and without those of the layer itself: what is left for its cell. */
export function cellOptionsOf<T extends object>(options: T): Omit<T, (typeof SEQUENCE_OPTIONS)[number]> {
  const own: readonly string[] = [
    ...SEQUENCE_OPTIONS,
    'inputShape',
    'activityRegularizer',
    'name',
    'trainable',
    'dtype',
  ];
  return Object.fromEntries(Object.entries(options).filter(([name]) => !own.includes(name))) as Omit<
    T,
    (typeof SEQUENCE_OPTIONS)[number]
  >;
}
