import { GradstreamError } from '@gradstream/core';
import type { PackageBackend } from './package-backend.js';

/** The codes of TensorFlow's TF_Code, by their numbers. */
const CODES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];
const INVALID_ARGUMENT = 3;
const RESOURCE_EXHAUSTED = 8;

const CLEAR = Symbol.for('gradstream.tensorflow.clear');

/**
 * Lets what TensorFlow refuses come out as an error with a code: `GS_BACKEND_MEMORY` where the device has no memory left, `GS_BACKEND_KERNEL` otherwise, with the
 * operation. The addon throws the number of a status and a text.
 */
export function sayClearly(backend: PackageBackend): void {
  if (CLEAR in backend) return;
  const { binding } = backend;
  const clear =
    <Arguments extends unknown[], Result>(call: (...given: Arguments) => Result, what: (given: Arguments) => string) =>
    (...given: Arguments): Result => {
      try {
        return call.apply(binding, given);
      } catch (error) {
        throw clearError(error, what(given));
      }
    };
  // The addon's own object stays as it is: others may hold it.
  const clearer: PackageBackend['binding'] = Object.create(binding, {
    executeOp: { value: clear(binding.executeOp, ([name]) => name) },
    createTensor: { value: clear(binding.createTensor, () => 'createTensor') },
    tensorDataSync: { value: clear(binding.tensorDataSync, () => 'tensorDataSync') },
  }) as PackageBackend['binding'];
  Object.assign(backend, { binding: clearer, [CLEAR]: true });
}

/** The error for what the addon threw; what bears no status of TensorFlow's stays what it is. */
export function clearError(error: unknown, operation: string): unknown {
  const found = /^Invalid TF_Status: (\d+)\nMessage: ([^]*)/.exec(String(Object(error)['message']));
  if (found === null) return error;
  const code = Number(found[1]);
  const isMemory = code === RESOURCE_EXHAUSTED;
  return new GradstreamError(isMemory ? 'GS_BACKEND_MEMORY' : 'GS_BACKEND_KERNEL', {
    where: `backends/tensorflow/${operation}`,
    what: isMemory ? 'The memory of the device is used up' : `TensorFlow could not do ${operation}`,
    expected: 'TF_Status: 0 (OK)',
    received: `TF_Status: ${code} (${CODES[code] ?? 'unknown'}), ${found[2]!.trim()}`,
    next: isMemory
      ? 'Use a smaller batch or model, dispose of tensors, or end what else uses the device: nvidia-smi lists it.'
      : code === INVALID_ARGUMENT
        ? 'Give the operation what it asks for.'
        : 'Restart the process; if it happens again, use another backend.',
    cause: error,
  });
}
