import { checkNumber, checkOptions, type Callback, type NonFinite } from '@gradstream/core';
import { watching, type Finding, type Watcher } from './watcher.js';

/** Options of `nonFiniteValues`. */
export interface NonFiniteValuesOptions {
  /** Steps between two readings of what was found; every step is looked at. Default 20. */
  readonly every?: number;
}

const WHERE = 'callbacks/nonFiniteValues';

/**
 * Finds the first numbers of a training that are NaN or infinite, and what made them: an input, a target, a layer, the loss, the gradient of a weight.
 *
 * Every step is looked at on the device, which costs a pass over what it computes (see `docs/diagnosis.md` for figures), because a step after the first bad one
 * every weight is NaN and nothing is left to be seen. Reports the diagnosis `nonFiniteValues` once; evidence: `globalStep`, the step in which they came up.
 * Gradients of a scaled loss, which overflow as a matter of course, are not looked at. Throws `GS_OPTION_*` for options that cannot be used.
 */
export function nonFiniteValues(options: NonFiniteValuesOptions = {}): Callback {
  const begin = nonFiniteValuesWatcher(options);
  return watching('nonFiniteValues', () => [begin()]);
}

/** The same as a part of several diagnoses. */
export function nonFiniteValuesWatcher(options: NonFiniteValuesOptions = {}): () => Watcher {
  checkOptions(WHERE, options, ['every']);
  const every = checkNumber(WHERE, 'every', options.every ?? 20, { min: 1, integer: true });
  return () => ({
    requests: [{ kind: 'nonFinite', every }],
    examine: (event) => (event.type === 'nonFinite' ? [finding(event)] : []),
  });
}

/** Whose numbers they are, where they came from, and what to do about it. */
const PLACES: Readonly<Record<NonFinite['kind'], (name: string) => readonly [what: string, remedy: string]>> = {
  inputs: (name) => [
    `the input "${name}" of a batch`,
    'Look for missing or broken values in the data; leave such examples out, or put a mean in their place.',
  ],
  targets: (name) => [
    `the targets "${name}" of a batch`,
    'Look for missing or broken targets in the data, and leave such examples out.',
  ],
  activations: (name) => [
    `the output of the layer "${name}", whose inputs were still finite`,
    'If it is a function of your own, look for a logarithm or a division by 0 and for roots of negative numbers. Else its weights have grown too large: take a lower learning rate, or clip gradients.',
  ],
  loss: () => [
    'the loss, where the model’s outputs were still finite',
    'In a loss of your own look for logarithms of 0 and divisions by 0: add a small number. Use losses from logits, and bring targets to a size of about 1.',
  ],
  gradients: (name) => [
    `the gradient of "${name}", where the loss was still finite`,
    'A function above it has no finite slope there, as a root or a norm at 0: add a small number inside. Or the gradients explode: clip them, or take a lower learning rate.',
  ],
};

function finding({ kind, name, globalStep }: NonFinite): Finding {
  const [what, remedy] = PLACES[kind](name);
  return {
    name: 'nonFiniteValues',
    severity: 'error',
    message: `The first numbers that are not finite came up at step ${globalStep + 1} in ${what}`,
    evidence: { globalStep },
    remedy,
  };
}
