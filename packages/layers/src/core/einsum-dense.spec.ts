import '@tensorflow/tfjs-backend-cpu';
import { registerGradients, StepCounter } from '@gradstream/autodiff';
import { randomKey, uniformValues } from '@gradstream/core';
import { checkLayer, expectAllClose, outputOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { layerFromConfig } from '../layer-from-config.js';
import type { CallContext } from '../layer.js';
import { einsumDense } from './einsum-dense.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const context: CallContext = { training: true, key: randomKey(0), step: new StepCounter(0) };
const drawn = (shape: readonly number[], seed = 1): tf.Tensor =>
  tf.tensor(
    uniformValues(
      randomKey(seed),
      0,
      shape.reduce((a, b) => a * b, 1),
      -1,
      1,
    ),
    [...shape],
  );

describe('einsumDense', () => {
  it.each([
    ['ab,bc->ac', 4, undefined, [3, 5]],
    ['abc,cd->abd', [null, 4], 'd', [2, 3, 5]],
    ['...x,xy->...y', 4, 'y', [2, 3, 5]],
    ['abc,cde->abde', [null, 3, 4], 'd', [2, 3, 5]],
    ['ab...,bc->ac...', 4, undefined, [3, 5, 2]],
  ] as const)('keeps what it says: %s', (equation, outputShape, biasAxes, shape) => {
    checkLayer(einsumDense(equation, outputShape, biasAxes === undefined ? {} : { biasAxes }), {
      inputs: [drawn(shape)],
      weight: (of) => drawn(of, 2),
      context,
      restore: layerFromConfig,
    });
  });

  it('adds a bias along inner axes alone', () => {
    const [x, kernel, bias] = [drawn([2, 3, 5]), drawn([5, 3, 4], 2), tf.tensor2d([[1], [2], [3]])];
    const layer = (biasAxes?: string) =>
      einsumDense('abc,cde->abde', [null, 3, 4], biasAxes === undefined ? {} : { biasAxes });
    const plain = outputOf(layer().call({ kernel }, [x], context));
    expectAllClose(
      outputOf(layer('d').call({ kernel, bias }, [x], context)),
      tf.add(plain, tf.reshape(bias, [1, 1, 3, 1])),
    );
  });

  it.each(['ab,bc', 'ab,bc->ad', 'aab,bc->ac', '...ab,bc->ac', 'ab,bc->ac...', 'ab,bz->ac', '', 3])(
    'refuses the equation %s',
    (equation) => {
      expect(() => einsumDense(equation as string, 4)).toThrow(/GS_OPTION_VALUE/);
    },
  );

  it('refuses inputs and sizes that do not fit', () => {
    const build = (equation: string, sizes: number | (number | null)[], shape: (number | null)[]) => () =>
      einsumDense(equation, sizes).build([shape], 'e');
    expect(build('ab,bc->ac', 4, [null, 3, 5])).toThrow(/GS_LAYER_SHAPE .*2 dimensions/s);
    expect(build('ab,bc->ac', [4, 4], [null, 5])).toThrow(/GS_LAYER_SHAPE .*outputShape of 1 sizes/s);
    expect(build('abc,cd->abd', [7, 4], [null, 3, 5])).toThrow(/GS_LAYER_SHAPE .*two sizes/s);
    expect(build('ab,bc->ac', 4, [null, null])).toThrow(/GS_LAYER_SHAPE .*not known/s);
    expect(() => einsumDense('ab,bc->ac', 4, { biasAxes: 'z' })).toThrow(/GS_OPTION_VALUE .*biasAxes/s);
    expect(() => einsumDense('ab,bc->ac', -1)).toThrow(/GS_OPTION_VALUE/);
  });
});
