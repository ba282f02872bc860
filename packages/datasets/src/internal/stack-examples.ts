import { describeShape, describeValue, GradstreamError, sizeOf, type HostArray } from '@gradstream/core';
import { hostValues } from './host-values.js';
import { fieldNames, fieldPath, isHostArray, isRecord } from './structure.js';

const where = 'datasets/batch';

/**
 * Examples stacked into a batch: each array gets a leading dimension of `elements.length`.
 *
 * Throws `GS_DATASET_SHAPE` where a field has another shape, dtype or set of names than in the first example, and `GS_DATASET_ELEMENT` for
 * elements that are no arrays with a shape.
 */
export function stackExamples(elements: readonly unknown[], path = ''): unknown {
  const first = elements[0];
  if (isHostArray(first)) return stackArrays(first, elements, path);
  if (!isRecord(first)) {
    throw new GradstreamError('GS_DATASET_ELEMENT', {
      where,
      what:
        path === ''
          ? 'The elements cannot be stacked into a batch'
          : `The field "${path}" cannot be stacked into a batch`,
      expected: '{ dtype, shape, values }, or a record of such arrays',
      received: describeValue(first),
      next: 'Turn each element into { x, y } of such arrays with map() before batch().',
    });
  }
  const names = fieldNames(first);
  for (const element of elements) {
    if (!isRecord(element) || isHostArray(element))
      throw mismatch(path, `a record of ${names.join(', ')}`, describeElement(element));
    const received = fieldNames(element);
    if (received.length !== names.length || !names.every((name) => received.includes(name))) {
      throw mismatch(path, `the fields ${names.join(', ')}`, received.length === 0 ? 'no fields' : received.join(', '));
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      stackExamples(
        elements.map((element) => (element as Record<string, unknown>)[name]),
        fieldPath(path, name),
      ),
    ]),
  );
}

function stackArrays(first: HostArray, elements: readonly unknown[], path: string): HostArray {
  const size = sizeOf(first.shape);
  const values = hostValues(first.dtype, elements.length * size);
  elements.forEach((element, index) => {
    const same = isHostArray(element) && element.dtype === first.dtype && sameShape(element.shape, first.shape);
    if (!same || element.values.length !== size) {
      throw mismatch(path, describeElement(first), describeElement(element));
    }
    values.set(element.values, index * size);
  });
  return { dtype: first.dtype, shape: [elements.length, ...first.shape], values };
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, dimension) => size === b[dimension]);
}

function describeElement(value: unknown): string {
  if (!isHostArray(value)) return describeValue(value);
  const count = value.values.length === sizeOf(value.shape) ? '' : ` with ${value.values.length} values`;
  return `${value.dtype} ${describeShape(value.shape)}${count}`;
}

function mismatch(path: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_DATASET_SHAPE', {
    where,
    what: `The examples of a batch differ${path === '' ? '' : ` in the field "${path}"`}`,
    expected: `${expected}, as in the first example of the batch`,
    received,
    next: 'Give all examples the same fields, shapes and dtypes, for example with map() before batch().',
  });
}
