import { convolution, depthwiseConvolution, registerGradients, transposedConvolution } from '@gradstream/autodiff';
import { useBackend } from 'gradstream';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  checkBiasAndActivation,
  checkConvolution,
  type ConvolutionCase,
} from '../packages/autodiff/fixtures/convolution-cases.js';
import convolutions from '../packages/autodiff/fixtures/convolutions.json' with { type: 'json' };
import depthwise from '../packages/autodiff/fixtures/depthwise-convolutions.json' with { type: 'json' };
import transposed from '../packages/autodiff/fixtures/transposed-convolutions.json' with { type: 'json' };

registerGradients();

describe.each(['wasm', 'wasm-simd'])('on %s', (backend) => {
  beforeAll(async () => expect((await useBackend(backend)).name).toBe(backend));

  it.each(convolutions.cases as ConvolutionCase[])(
    '$x.shape * $filter.shape $options has the numbers of Keras',
    (row) => checkConvolution(convolution, row),
  );
  it.each(depthwise.cases as ConvolutionCase[])('depthwise $x.shape * $filter.shape $options too', (row) =>
    checkConvolution(depthwiseConvolution, row),
  );
  it.each(transposed.cases as ConvolutionCase[])('transposed $x.shape * $filter.shape $options too', (row) =>
    checkConvolution(transposedConvolution, row),
  );
  it.each([
    ['convolution', convolution, convolutions.cases],
    ['depthwiseConvolution', depthwiseConvolution, depthwise.cases],
    ['transposedConvolution', transposedConvolution, transposed.cases],
  ] as const)('%s adds a bias and activates', (_, operation, cases) => {
    for (const row of cases as readonly unknown[] as ConvolutionCase[]) checkBiasAndActivation(operation, row);
  });
});
