import { describe, expect, it } from 'vitest';
import { lookup } from './lookup.js';
import { suggest } from './suggest.js';

const table = { relu: 1, leakyRelu: 2, softmax: 3 };
const options = { code: 'GS_ACTIVATION_UNKNOWN', where: 'here', kind: 'activation' } as const;

describe('lookup', () => {
  it('finds names in camelCase and in snake_case', () => {
    expect(lookup(table, 'leakyRelu', options)).toBe(2);
    expect(lookup(table, 'leaky_relu', options)).toBe(2);
  });

  it.each(['toString', '__proto__', 'constructor', '', 'reul', 3, undefined, null])('refuses %j', (name) => {
    expect(() => lookup(table, name, options)).toThrow(/GS_ACTIVATION_UNKNOWN/);
  });

  it('suggests the nearest name', () => {
    expect(() => lookup(table, 'sofmax', options)).toThrow(/Did you mean "softmax"\?/);
  });
});

describe('suggest', () => {
  it('finds what is near and nothing that is far', () => {
    expect(suggest('batchsize', ['batchSize', 'epochs'])).toBe('batchSize');
    expect(suggest('zzz', ['batchSize', 'epochs'])).toBeUndefined();
    expect(suggest('x'.repeat(1000), ['batchSize'])).toBeUndefined();
  });
});
