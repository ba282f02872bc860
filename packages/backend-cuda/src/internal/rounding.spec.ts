import { describe, expect, it } from 'vitest';
import { Roundings } from './rounding.js';

describe('what products are rounded to', () => {
  it('is nothing, and TF32 where that is allowed and worth while', () => {
    const roundings = new Roundings(90);
    expect(roundings.of(2 ** 24)).toBe('none');
    roundings.mayBeTf32 = true;
    expect([roundings.of(2 ** 20), roundings.of(2 ** 20 - 1)]).toEqual(['tf32', 'none']);
  });

  it('is what a step is to be computed in, whatever the size', () => {
    const roundings = new Roundings(80);
    roundings.use('mixedBfloat16');
    expect([roundings.of(1), roundings.of(2 ** 24)]).toEqual(['bf16', 'bf16']);
    roundings.use('mixedFloat16');
    expect(roundings.of(1)).toBe('f16');
    roundings.use('float32');
    expect(roundings.of(1)).toBe('none');
  });

  it('is float16 alone on a device of Turing, which says what it has', () => {
    const roundings = new Roundings(75);
    roundings.mayBeTf32 = true;
    expect([roundings.of(2 ** 24), roundings.precisions]).toEqual(['none', ['float32', 'mixedFloat16']]);
    expect(() => roundings.use('mixedBfloat16')).toThrow(/GS_OPTION_VALUE[\s\S]*float32.*mixedFloat16/);
    roundings.use('mixedFloat16');
    expect(roundings.of(1)).toBe('f16');
  });
});
