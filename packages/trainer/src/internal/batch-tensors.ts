import { describeShape, describeValue, GradstreamError, sizeOf, type HostArray, type Shape } from '@gradstream/core';
import type { Example, Fields } from '@gradstream/datasets';
import type { Model } from '@gradstream/layers';
import type { Loss } from '@gradstream/objectives';
import { tensor, type Tensor } from '@tensorflow/tfjs-core';

/** A batch that was checked against model and loss, still on the host. */
export interface CheckedBatch {
  readonly x: HostArray;
  readonly y: HostArray | undefined;
  /** Samples. */
  readonly size: number;
}

/** Checks a batch against the model's input. Throws `GS_TRAIN_DATA` for something else than a batch and `GS_TRAIN_INPUT` for another shape. */
export function checkInputs(where: string, model: Model, batch: Example): CheckedBatch {
  const x = single(where, 'x', (batch as Example | undefined)?.x);
  const expected = model.inputs[0]!.shape;
  if (!fits(x.shape, expected)) {
    throw new GradstreamError('GS_TRAIN_INPUT', {
      where,
      what: 'A batch has a shape that the model does not take',
      expected: `x ${describeShape(expected)}`,
      received: describeShape(x.shape),
      next: fits([1, ...x.shape], expected)
        ? 'Batch the dataset first: dataset.batch(32).'
        : 'Map the dataset to this shape, or give the model another input shape.',
    });
  }
  const y = batch.y === undefined ? undefined : single(where, 'y', batch.y);
  return { x, y, size: x.shape[0]! };
}

/** Checks a batch's targets too. Throws `GS_TRAIN_TARGETS` where there are none or not one a sample, and what the loss throws. */
export function checkTargets(where: string, loss: Loss, outputShape: Shape, batch: CheckedBatch): HostArray {
  const { y, size } = batch;
  if (y === undefined || y.shape[0] !== size) {
    throw new GradstreamError('GS_TRAIN_TARGETS', {
      where,
      what: y === undefined ? 'A batch has no targets' : 'A batch has not as many targets as inputs',
      expected: `y with ${size} rows`,
      received: y === undefined ? 'no y' : `y ${describeShape(y.shape)}`,
      next: 'Give the dataset a y for every x.',
    });
  }
  loss.check(y, outputShape);
  return y;
}

/** Uploads an array as the dtype that is wanted. */
export function upload(array: HostArray, dtype: 'float32' | 'int32'): Tensor {
  const values = dtype === 'float32' ? asFloat32(array) : asInt32(array);
  return tensor(values, [...array.shape], dtype);
}

const asFloat32 = ({ values }: HostArray): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values);
const asInt32 = ({ values }: HostArray): Int32Array =>
  values instanceof Int32Array ? values : Int32Array.from(values);

function single(where: string, name: string, fields: Fields | undefined): HostArray {
  const arrays = fields === undefined || isHostArray(fields) ? [fields] : Object.values(fields);
  const [array] = arrays;
  if (arrays.length !== 1 || !isHostArray(array)) {
    throw new GradstreamError('GS_TRAIN_DATA', {
      where,
      what: `A batch's ${name} cannot be used`,
      expected: 'one array { dtype, shape, values }',
      received: describeValue(fields),
      next: `Map the dataset so that each batch has one ${name}.`,
    });
  }
  if (array.shape.length === 0 || sizeOf(array.shape) !== array.values.length) {
    throw new GradstreamError('GS_TRAIN_DATA', {
      where,
      what: `A batch's ${name} has not as many values as its shape says`,
      expected: `${sizeOf(array.shape)} values for ${describeShape(array.shape)}, the batch in front`,
      received: `${array.values.length} values`,
      next: 'Check how the array was made.',
    });
  }
  return array;
}

function isHostArray(value: unknown): value is HostArray {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, values } = value as Partial<HostArray>;
  return Array.isArray(shape) && ArrayBuffer.isView(values);
}

function fits(shape: readonly number[], expected: Shape): boolean {
  return shape.length === expected.length && expected.every((size, index) => size === null || size === shape[index]);
}
