import { relu } from '@gradstream/activations';
import { expect, it } from 'vitest';
import { foreignPart } from './foreign-part.js';
import {
  bidirectional,
  customFunction,
  dense,
  flatten,
  input,
  lambda,
  lstm,
  model,
  sequential,
  timeDistributed,
  type Layer,
} from './index.js';
import { LAYER_TYPES } from './internal/layer-types.js';
import { OWN_TYPES } from './internal/own-types.js';

it('knows every layer of the library but the one that calls a function of one’s own', () => {
  expect([...OWN_TYPES, 'Lambda'].sort()).toEqual(Object.keys(LAYER_TYPES).sort());
});

it('finds nothing in a model of the library’s parts', () => {
  const inner = sequential([dense(3, { inputShape: [8], activation: 'relu', kernelRegularizer: 'l2' })], {
    name: 'inner',
  });
  const x = input({ shape: [4, 5] });
  const y = x.pipe(bidirectional(lstm(2, { returnSequences: true })), timeDistributed(dense(2)), flatten(), inner);
  expect(foreignPart(model({ inputs: x, outputs: y }))).toBeUndefined();
});

const mine: Layer = { ...dense(2, { name: 'mine' }), type: 'Mine', toConfig: () => ({ type: 'Mine', config: {} }) };

it.each<[string, Layer, string]>([
  ['a layer of one’s own', mine, 'mine'],
  ['a layer of one’s own in another', timeDistributed(mine, { name: 'outer' }), 'outer'],
  ['a layer of one’s own in a model', sequential([{ ...mine, inputShape: [6, 3] }], { name: 'nested' }), 'mine'],
  ['a function that no config can hold', dense(2, { activation: (x) => relu(x), name: 'wild' }), 'wild'],
  ['a named function', dense(2, { activation: customFunction('own', relu), name: 'named' }), 'named'],
  ['a lambda', lambda((x) => x, { name: 'any' }), 'any'],
])('finds %s', (_, layer, name) => {
  expect(foreignPart(sequential([dense(3, { inputShape: [6, 4] }), layer]))).toBe(`the layer "${name}"`);
});
