import { describe, expect, it } from 'vitest';
import { GradstreamError, isGradstreamError } from './gradstream-error.js';

const details = {
  where: 'layers/dense "dense_2"',
  what: 'The input has 1 dimension',
  expected: '[batch, features]',
  received: '[null]',
  next: 'Put a feature dimension behind the batch.',
};

describe('GradstreamError', () => {
  it('says where, what, expected, received and what to do', () => {
    const error = new GradstreamError('GS_LAYER_SHAPE', details);
    expect(error.message).toBe(
      'GS_LAYER_SHAPE  [layers/dense "dense_2"] The input has 1 dimension. Expected [batch, features]; received [null].\n' +
        '                Put a feature dimension behind the batch.',
    );
    expect(error).toMatchObject({ code: 'GS_LAYER_SHAPE', ...details, name: 'GradstreamError' });
  });

  it('keeps the error underneath', () => {
    const cause = new Error('disk full');
    expect(new GradstreamError('GS_EXPORT_WRITE', { ...details, cause }).cause).toBe(cause);
    expect('cause' in new GradstreamError('GS_EXPORT_WRITE', details)).toBe(false);
  });

  it('is recognized by its code, also from another copy of the package', () => {
    expect(isGradstreamError(new GradstreamError('GS_LAYER_SHAPE', details))).toBe(true);
    expect(isGradstreamError(Object.assign(new Error('x'), { code: 'GS_OTHER' }))).toBe(true);
    expect(isGradstreamError(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe(false);
    expect(isGradstreamError('GS_LAYER_SHAPE')).toBe(false);
  });
});
