import { expect, it } from 'vitest';
import { layersOf, modelOf } from '../../fixtures/observations.js';
import { kernelsOf, normOfAll, updateRatios } from './kernels.js';

it('finds the largest weight of each layer that trains, once, without biases and embeddings', () => {
  const [plain, shared] = layersOf({ plain: null, shared: null });
  const lstm = {
    ...plain!,
    name: 'lstm',
    type: 'LSTM',
    weights: [
      { path: 'lstm/kernel', shape: [2, 16], trainable: true },
      { path: 'lstm/recurrentKernel', shape: [4, 16], trainable: true },
    ],
  };
  const frozen = { ...plain!, name: 'frozen', weights: [{ path: 'frozen/kernel', shape: [2, 2], trainable: false }] };
  const embedding = { ...plain!, name: 'embedding', type: 'Embedding' };
  const layers = [embedding, plain!, lstm, frozen, shared!, { ...shared!, name: 'shared:1' }];
  expect(kernelsOf({ ...modelOf({ x: null }), layers, outputs: [] })).toEqual([
    { layer: 'plain', path: 'plain/kernel' },
    { layer: 'lstm', path: 'lstm/recurrentKernel' },
    { layer: 'shared', path: 'shared/kernel' },
  ]);
});

it('takes norms together and sets them in relation', () => {
  const tensor = (norm: number) => ({ size: 1, norm, mean: 0, deviation: 0, min: 0, max: 0, zeroFraction: 0 });
  expect(normOfAll({ tensors: { a: tensor(3), b: tensor(4) } })).toBe(5);
  const kernels = ['a', 'b', 'c'].map((path) => ({ layer: path, path }));
  const ratios = updateRatios(kernels, { a: tensor(1), b: tensor(1) }, { a: tensor(4), b: tensor(0) });
  expect([...ratios]).toEqual([['a', 0.25]]);
});
