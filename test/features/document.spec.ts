import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { countsOf } from './counts.js';
import { featuresDocument } from './document.js';
import type { Group } from './group.js';
import { proofsOf } from './proof.js';
import { resultsOf } from './results.js';
import { isMissing, rowsOf } from './rows.js';

const failsWhere = (wrong: (gradients: boolean) => boolean) => (gradients: boolean) => {
  if (wrong(gradients)) throw new Error('another number');
};
const group: Group = {
  key: 'layers',
  title: 'Some layers',
  from: '@gradstream/layers',
  exports: { right: 1, wrong: 2, halfRight: 3, unproven: 4, own: 5, make: 6 },
  tools: ['make'],
  keras: {
    exports: ['AlsoRight', 'Half_Right', 'Layer', 'Lost', 'Right', 'Unproven', 'Wrapper', 'Wrong', 'get', 'right'],
    aliases: { AlsoRight: 'Right' },
  },
  proofs: proofsOf([
    { name: 'Right', from: 'some.json', gradients: false, run: failsWhere(() => true) },
    { name: 'Right', from: 'some.json', gradients: true, run: failsWhere(() => false) },
    { name: 'Wrong', from: 'some.json', gradients: false, run: failsWhere(() => tf.getBackend() === 'wasm') },
    { name: 'HalfRight', from: 'a.json', gradients: true, run: failsWhere((g) => g && tf.getBackend() === 'cpu') },
    { name: 'own', from: 'b.json', gradients: false, run: failsWhere(() => false) },
  ]),
};

it('the table says what is right, what is wrong, and where', async () => {
  const text = featuresDocument([group], await resultsOf([group]), '3');
  const { length } = text.split('\n## Some layers\n')[0]!;
  expect(text.slice(length).trim().split('\n').slice(4)).toEqual([
    '| `Right`, `right`, `AlsoRight` | `right` | ✓ | ✓ | ✓ | ✓ | `some.json` (2) |',
    '| `Half_Right` | `halfRight` | ✓ | ✓ | ✓ | ✗ cpu | `a.json` (1) |',
    '| `Unproven` | `unproven` | – | – | – | – | nothing |',
    '| `Wrong` | `wrong` | ✓ | ✗ | ✓ | – | `some.json` (1) |',
    '| – | `own` | ✓ | ✓ | ✓ | – | `b.json` (1) |',
    '',
    '| Keras | instead |',
    '|---|---|',
    '| `Layer` | the interface `Layer` |',
    '| `Wrapper` | a base class: a layer that holds another one is a plain value too |',
    '| `Lost` | not here yet |',
  ]);
});

it('names are counted once, and one that is nowhere is missing', () => {
  expect(countsOf([group])).toEqual({ names: 7, here: 4, interfaces: 1, absent: 1, missing: 1, own: 1 });
  expect(rowsOf(group).filter(isMissing)).toMatchObject([{ names: ['Lost'] }]);
});
