import { describe, expect, it } from 'vitest';
import { input } from './input.js';

describe('input', () => {
  it('says what a model gets', () => {
    expect(input({ shape: [28, null], dtype: 'int32', name: 'tokens' })).toMatchObject({
      inputShape: [28, null],
      dtype: 'int32',
      name: 'tokens',
      type: 'InputLayer',
    });
    expect(input({ shape: [] }).toConfig()).toEqual({
      type: 'InputLayer',
      config: { name: null, batchShape: [null], dtype: 'float32' },
    });
  });

  it.each([
    [{ shape: [0] }, 'GS_LAYER_INPUT_SHAPE'],
    [{ shape: 28 }, 'GS_LAYER_INPUT_SHAPE'],
    [{ shape: [2.5] }, 'GS_LAYER_INPUT_SHAPE'],
    [{ shape: [2], dtype: 'float16' }, 'GS_OPTION_VALUE'],
    [{ shape: [2], batch: 3 }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j', (options, code) => {
    expect(() => input(options as never)).toThrow(new RegExp(`^${code} `));
  });
});
