import { readdirSync } from 'node:fs';
import { registerGradients } from '@gradstream/autodiff';
import { wasmSimdBackend } from '@gradstream/backend-wasm';
import { checkGradientRowOn, rowsOn } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { gradientRows } from '../packages/autodiff/fixtures/gradient-rows.js';

registerGradients();
beforeAll(async () => {
  await wasmSimdBackend().start();
  await tf.setBackend('cpu');
});

it('has the rows of every family', () => {
  const files = readdirSync(new URL('../packages/autodiff/fixtures/rows/', import.meta.url));
  expect(Object.keys(gradientRows)).toEqual(files.map((file) => file.replace('.ts', '')).sort());
});

describe.each(Object.entries(gradientRows))('the gradients of the family %s', (_, rows) => {
  it.each(rowsOn('wasm-simd', [...rows]))('are the same on wasm-simd: $kernel %#', (row) =>
    checkGradientRowOn('wasm-simd', row),
  );
});
