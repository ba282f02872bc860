import { checkNumber, checkOptions, type Callback, type NonFinite } from '@gradstream/core';
import { watching, type Finding, type Watcher } from './watcher.js';

/** Options of `nonFiniteValues`. */
export interface NonFiniteValuesOptions {
  /** Steps between two looks whether all is well. Default 100. */
  readonly every?: number;
}

const WHERE = 'callbacks/nonFiniteValues';

/**
 * Finds the first numbers of a training that are NaN or infinite, and what made them: an input, a target, a layer, the loss, the gradient of a weight.
 *
 * Every so many steps, and at each epoch's end, the losses since are looked at, and all that the step in hand computes and changes. Where something is not finite, the steps
 * since are taken again from a copy of the weights, each under a close look: the first bad one is found, though a step later every weight is NaN. For that the
 * weights and the optimizer's state are kept, and of data that cannot be opened in the middle the batches since (up to 64 MiB; `docs/diagnosis.md` has figures). What is not finite in a step between and reaches
 * neither loss nor weights is not seen; with `every: 1` it is.
 *
 * Reports the diagnosis `nonFiniteValues` once; evidence: `globalStep`, the step in which they came up, and `earliest` where it is known no better: with functions of one's
 * own that do not give the same for the same. Gradients of a scaled loss, which overflow as a matter of course, are not looked at. Throws `GS_OPTION_*` for options
 * that cannot be used.
 */
export function nonFiniteValues(options: NonFiniteValuesOptions = {}): Callback {
  const begin = nonFiniteValuesWatcher(options);
  return watching('nonFiniteValues', () => [begin()]);
}

/** The same as a part of several diagnoses. */
export function nonFiniteValuesWatcher(options: NonFiniteValuesOptions = {}): () => Watcher {
  checkOptions(WHERE, options, ['every']);
  const every = checkNumber(WHERE, 'every', options.every ?? 100, { min: 1, integer: true });
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
  weights: (name) => [
    `the weight "${name}" after the optimizer's step, where its gradient was still finite`,
    'Take a lower learning rate; in an optimizer, a schedule or a constraint of your own look for divisions by 0.',
  ],
};

function finding({ kind, name, globalStep, earliest }: NonFinite): Finding {
  const [what, remedy] = PLACES[kind](name);
  if (earliest !== undefined)
    return {
      name: 'nonFiniteValues',
      severity: 'error',
      message: `Numbers that are not finite came up in one of the steps ${earliest + 1} to ${globalStep + 1}; taken again, all of them were finite`,
      evidence: { earliest, globalStep },
      remedy:
        'A function of your own gives something else each time, so that it cannot be gone through again: look there first. With nonFiniteValues({ every: 1 }) each step is looked at closely as it is taken.',
    };
  return {
    name: 'nonFiniteValues',
    severity: 'error',
    message: `The first numbers that are not finite came up at step ${globalStep + 1} in ${what}`,
    evidence: { globalStep },
    remedy,
  };
}
