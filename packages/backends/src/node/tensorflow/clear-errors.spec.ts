import { GradstreamError } from '@gradstream/core';
import { describe, expect, it } from 'vitest';
import { clearError, sayClearly } from './clear-errors.js';
import type { PackageBackend } from './package-backend.js';

describe('clearError', () => {
  it.each([
    [8, 'OOM when allocating tensor', 'GS_BACKEND_MEMORY', 'TF_Status: 8 (RESOURCE_EXHAUSTED), OOM', /smaller batch/],
    [3, 'Incompatible shapes', 'GS_BACKEND_KERNEL', 'TF_Status: 3 (INVALID_ARGUMENT), Incompatible', /asks for/],
    [13, 'first\nsecond', 'GS_BACKEND_KERNEL', 'TF_Status: 13 (INTERNAL), first\nsecond', /another backend/],
    [99, 'what', 'GS_BACKEND_KERNEL', 'TF_Status: 99 (unknown), what', /another backend/],
  ])('status %i, %j', (status, message, code, received, next) => {
    const thrown = new Error(`Invalid TF_Status: ${status}\nMessage: ${message}`);
    const clear = clearError(thrown, 'MatMul');
    expect(clear).toBeInstanceOf(GradstreamError);
    expect(clear).toMatchObject({
      code,
      where: 'backends/tensorflow/MatMul',
      received: expect.stringContaining(received),
      next: expect.stringMatching(next),
      cause: thrown,
    });
  });

  it.each([new Error('Get data called on a Tensor not referenced (tensor_id: 1)'), 'text', null])(
    'leaves %s',
    (other) => {
      expect(clearError(other, 'MatMul')).toBe(other);
    },
  );
});

describe('sayClearly', () => {
  it('names the operation, passes on what goes well, and leaves the object of the addon alone', () => {
    const calls: unknown[] = [];
    const binding = {
      TF_INT32: 3,
      executeOp: (name: string, ...rest: unknown[]) => {
        calls.push([name, ...rest]);
        if (name === 'Neg') throw new Error('Invalid TF_Status: 8\nMessage: OOM');
        return [{ id: 1 }];
      },
      createTensor: () => 7,
      tensorDataSync: () => {
        throw new Error('Invalid TF_Status: 13\nMessage: lost');
      },
      deleteTensor: () => undefined,
    };
    const backend = { binding } as unknown as PackageBackend;
    sayClearly(backend);
    const { binding: once } = backend;
    sayClearly(backend);
    expect(backend.binding).toBe(once);
    expect(backend.binding.executeOp('Add', [], [1, 2], 1)).toEqual([{ id: 1 }]);
    expect(calls).toEqual([['Add', [], [1, 2], 1]]);
    expect(backend.binding.createTensor([], 3, Int32Array.of(1))).toBe(7);
    expect(backend.binding.TF_INT32).toBe(3);
    expect(() => backend.binding.executeOp('Neg', [], [1], 1)).toThrow(/^GS_BACKEND_MEMORY.*tensorflow\/Neg/);
    expect(() => backend.binding.tensorDataSync(1)).toThrow(/^GS_BACKEND_KERNEL.*tensorDataSync/);
    expect(() => binding.executeOp('Neg')).toThrow('Invalid TF_Status');
  });
});
