import * as activations from '@gradstream/activations';
import * as initializers from '@gradstream/initializers';
import * as regularizers from '@gradstream/regularizers';
import * as constraints from '@gradstream/regularizers/constraints';
import { checkElementwise, checkVector } from '../../packages/activations/fixtures/activation-case.js';
import activationNumbers from '../../packages/activations/fixtures/activations.json' with { type: 'json' };
import activationNames from '../../packages/activations/fixtures/keras-names.json' with { type: 'json' };
import { checkDrawn, checkKnown } from '../../packages/initializers/fixtures/initializer-case.js';
import { statistics } from '../../packages/initializers/fixtures/initializer-statistics.js';
import initializerNumbers from '../../packages/initializers/fixtures/initializers.json' with { type: 'json' };
import initializerNames from '../../packages/initializers/fixtures/keras-names.json' with { type: 'json' };
import weightNames from '../../packages/regularizers/fixtures/keras-names.json' with { type: 'json' };
import {
  checkConstrained,
  checkPenalty,
  constraintRows,
  penaltyRows,
} from '../../packages/regularizers/fixtures/weight-case.js';
import type { Group } from './group.js';
import { forward, proofsOf, STATISTICS } from './proof.js';

/** The activation functions. */
export const activationGroup = (): Group => ({
  key: 'activations',
  title: 'Activations',
  from: '@gradstream/activations',
  exports: activations,
  tools: ['activation', 'activationName', 'activationShape'],
  keras: activationNames.activations,
  proofs: proofsOf([
    ...activationNumbers.elementwise.map((row) => ({
      name: row.name,
      from: 'activations.json',
      gradients: true,
      run: (gradients: boolean) => checkElementwise(row, gradients),
    })),
    ...activationNumbers.vector.map((row) => ({
      name: row.name,
      from: 'activations.json',
      gradients: true,
      run: (gradients: boolean) => checkVector(row, gradients),
    })),
  ]),
});

/** The initializers. */
export function initializerGroup(): Group {
  const { named, defaults, known, transforms } = initializerNumbers;
  const from = 'initializers.json';
  return {
    key: 'initializers',
    title: 'Initializers',
    from: '@gradstream/initializers',
    exports: initializers,
    tools: ['fans', 'initialValue', 'initializer'],
    keras: initializerNames.initializers,
    proofs: proofsOf([
      ...[...named, ...defaults].map((row) =>
        forward(row.type, from, () => checkDrawn({ type: row.type, config: {} }, row)),
      ),
      ...[...known, ...transforms].map((row) => forward(row.type, from, () => checkKnown(row))),
      ...statistics.map(({ type, check }) => forward(type, STATISTICS, check)),
    ]),
  };
}

/** The penalties of weights. */
export const regularizerGroup = (): Group => ({
  key: 'regularizers',
  title: 'Regularizers',
  from: '@gradstream/regularizers',
  exports: regularizers,
  tools: ['penalty', 'regularizer'],
  keras: weightNames.regularizers,
  proofs: proofsOf(
    penaltyRows.map((row) => ({
      name: row.name,
      from: 'regularizers.json',
      gradients: true,
      run: (gradients: boolean) => checkPenalty(row, gradients),
    })),
  ),
});

/** The constraints of weights. */
export const constraintGroup = (): Group => ({
  key: 'constraints',
  title: 'Constraints',
  from: '@gradstream/regularizers/constraints',
  exports: constraints,
  tools: ['constrained', 'constraint'],
  keras: weightNames.constraints,
  proofs: proofsOf(constraintRows.map((row) => forward(row.name, 'regularizers.json', () => checkConstrained(row)))),
});
