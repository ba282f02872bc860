import type { Config } from '@gradstream/core';
import { describe, expect, it } from 'vitest';
import configs from '../fixtures/keras-configs.json' with { type: 'json' };
import names from '../fixtures/keras-names.json' with { type: 'json' };
import golden from '../fixtures/regularizers.json' with { type: 'json' };
import * as constraints from './constraints/index.js';
import * as regularizers from './index.js';

interface Family {
  readonly name: 'regularizers' | 'constraints';
  readonly find: (word: string) => { readonly config?: Config };
  /** Our factory for each class of Keras. */
  readonly factories: Readonly<Record<string, unknown>>;
  /** What the package exports besides them. */
  readonly others: readonly string[];
  readonly exports: object;
  /** Our names for which there are numbers. */
  readonly numbers: readonly string[];
  /** Those that Keras does not have. */
  readonly own: readonly string[];
}

const { l1, l2, l1l2, orthogonal, klSparsity } = regularizers;
const { maxNorm, minMaxNorm, nonNegative, unitNorm } = constraints;
const families: readonly Family[] = [
  {
    name: 'regularizers',
    find: regularizers.regularizer,
    factories: { L1: l1, L2: l2, L1L2: l1l2, OrthogonalRegularizer: orthogonal, KlSparsity: klSparsity },
    others: ['penalty', 'regularizer'],
    exports: regularizers,
    numbers: [
      ...golden.penalties.map((row) => row.name),
      ...golden.orthogonal.map(() => 'orthogonal'),
      ...golden.sparsity.map(() => 'klSparsity'),
    ],
    own: ['KlSparsity'],
  },
  {
    name: 'constraints',
    find: constraints.constraint,
    factories: { MaxNorm: maxNorm, MinMaxNorm: minMaxNorm, NonNeg: nonNegative, UnitNorm: unitNorm },
    others: ['constrained', 'constraint'],
    exports: constraints,
    numbers: golden.constrained.map((row) => row.name),
    own: [],
  },
];

/** Why a name of Keras has no counterpart of its own. */
const REASONS: Readonly<Record<string, string>> = {
  Regularizer: "the type Regularizer: one of one's own is a function",
  Constraint: "the type Constraint: one of one's own is a function",
  regularizer: 'the word for the abstract class',
  constraint: 'the word for the abstract class',
  get: 'regularizer(), constraint()',
  deserialize: 'fromKerasConfig of core, then regularizer() or constraint()',
  serialize: 'toKerasConfig of core on .config',
};

describe.each(families)('every name of $name', ({ name, find, factories, others, exports, numbers, own }) => {
  const known = names[name];
  const wanted = [...new Set([...known.exports, ...known.words])].filter((word) => !Object.hasOwn(REASONS, word));

  it.each(wanted)('%s is here', (word) => {
    expect(Object.keys(factories)).toContain(find(word).config!.type);
  });

  it('has a factory that is exported, and no other is', () => {
    const exported = Object.entries(exports).filter(([word]) => !others.includes(word));
    expect(new Set(exported.map(([, factory]) => factory))).toEqual(new Set(Object.values(factories)));
  });

  it.each(Object.entries(factories))('%s has numbers to be compared with, and JSON of Keras', (type, factory) => {
    const [word] = Object.entries(exports).find(([, one]) => one === factory)!;
    expect(numbers).toContain(word);
    expect(find(word).config!.type).toBe(type);
    const written = configs[name].map(({ json }) => json.class_name);
    if (own.includes(type)) expect(written).not.toContain(type);
    else expect(written).toContain(type);
  });
});

it('names with a reason only what is a name of Keras', () => {
  const all = Object.values(names).flatMap((part) =>
    typeof part === 'string' ? [] : [...part.exports, ...part.words],
  );
  for (const name of Object.keys(REASONS)) expect(all).toContain(name);
});
