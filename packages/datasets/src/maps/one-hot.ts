import { checkNumber, describeValue, GradstreamError, type HostArray } from '@gradstream/core';
import type { Example, LabelledExample } from '../example.js';
import { isHostArray } from '../internal/structure.js';
import { rowwise } from './rowwise.js';

/** An example after `oneHot`: one float32 for each class in place of a class number. */
export type OneHotExample<E extends Example> = Omit<E, 'y'> & { readonly y: HostArray<'float32'> };

/**
 * A map for class labels: `y` from whole numbers of shape `[...]` to float32 of shape `[..., classes]`, 1 at the class and 0 elsewhere,
 * as categorical cross-entropy takes it.
 *
 * Throws `GS_DATASET_LABEL` for a label that is no whole number from 0 to `classes - 1`. As `keras.utils.to_categorical`, which takes the
 * largest label for the last class where `classes` is left out; here it has to be said, since a batch does not tell.
 */
export function oneHot(classes: number): <E extends LabelledExample>(example: E) => OneHotExample<E> {
  checkNumber('datasets/oneHot', 'classes', classes, { min: 1, integer: true });
  return rowwise(<E extends LabelledExample>(example: E): OneHotExample<E> => {
    if (!isHostArray(example.y)) throw wrongLabel(classes, example.y);
    return { ...example, y: oneHotArray(example.y, classes) };
  });
}

function oneHotArray({ shape, values }: HostArray, classes: number): HostArray<'float32'> {
  const result = new Float32Array(values.length * classes);
  values.forEach((label, index) => {
    if (!Number.isInteger(label) || label < 0 || label >= classes) throw wrongLabel(classes, label);
    result[index * classes + label] = 1;
  });
  return { dtype: 'float32', shape: [...shape, classes], values: result };
}

function wrongLabel(classes: number, received: unknown): GradstreamError {
  return new GradstreamError('GS_DATASET_LABEL', {
    where: 'datasets/oneHot',
    what: 'A label is not the number of a class',
    expected: `"y" as an array of whole numbers from 0 to ${classes - 1}`,
    received: describeValue(received),
    next: 'Number the classes from 0, or tell oneHot() how many classes there are.',
  });
}
