import { registerGradients } from '@gradstream/autodiff';
import { useBackend } from 'gradstream';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  checkConstrained,
  checkPenalty,
  constraintRows,
  penaltyRows,
} from '../packages/regularizers/fixtures/weight-case.js';

describe('on wasm-simd, in the numbers of Keras', () => {
  beforeAll(async () => {
    expect((await useBackend('wasm-simd')).name).toBe('wasm-simd');
    registerGradients();
  });

  it.each(penaltyRows)('$name $options of $shape', (row) => checkPenalty(row));

  it.each(constraintRows)('$name $options of $shape', (row) => checkConstrained(row));
});
