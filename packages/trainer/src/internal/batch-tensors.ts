import { describeShape, describeValue, GradstreamError, sizeOf, type HostArray, type Shape } from '@gradstream/core';
import type { Example, Fields } from '@gradstream/datasets';
import type { Model } from '@gradstream/layers';
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { wantsTargets, type OutputGoal } from './output-goal.js';

/** A batch that was checked against the model, still on the host. */
export interface CheckedBatch {
  /** In the order of the model's inputs. */
  readonly x: readonly HostArray[];
  readonly y: Fields | undefined;
  readonly sampleWeight: Fields | undefined;
  /** Samples. */
  readonly size: number;
}

/** Checks a batch against the model's inputs. Throws `GS_TRAIN_DATA` for something else than a batch and `GS_TRAIN_INPUT` for other shapes. */
export function checkInputs(where: string, model: Model, batch: Example): CheckedBatch {
  const names = model.inputs.map(({ name }) => name);
  const x = arraysOf(where, 'x', names, (batch as Example | undefined)?.x);
  const size = x[0]!.shape[0]!;
  model.inputs.forEach(({ name, shape }, index) => {
    const given = x[index]!;
    const label = names.length === 1 ? 'x' : `x.${name}`;
    if (!fits(given.shape, shape)) {
      throw new GradstreamError('GS_TRAIN_INPUT', {
        where,
        what: 'A batch has a shape that the model does not take',
        expected: `${label} ${describeShape(shape)}`,
        received: describeShape(given.shape),
        next: fits([1, ...given.shape], shape)
          ? 'Batch the dataset first: dataset.batch(32).'
          : 'Map the dataset to this shape, or give the model another input shape.',
      });
    }
    if (given.shape[0] === size) return;
    throw new GradstreamError('GS_TRAIN_INPUT', {
      where,
      what: 'The inputs of a batch have different numbers of samples',
      expected: `${label} with ${size} rows, as x.${names[0]}`,
      received: describeShape(given.shape),
      next: 'Give every input a row for each sample.',
    });
  });
  return { x, y: batch.y, sampleWeight: batch.sampleWeight, size };
}

/** Checks a batch's targets too; undefined for outputs without a loss. Throws `GS_TRAIN_TARGETS` where there are none or not one a sample, and what the losses throw. */
export function checkTargets(
  where: string,
  goals: readonly OutputGoal[],
  { y, size }: Pick<CheckedBatch, 'y' | 'size'>,
): readonly (HostArray | undefined)[] {
  const wanted = goals.filter(wantsTargets);
  const given =
    y === undefined
      ? undefined
      : arraysOf(
          where,
          'y',
          wanted.map(({ name }) => name),
          y,
          goals.map(({ name }) => name),
        );
  return goals.map((goal) => {
    const index = wanted.indexOf(goal);
    if (index < 0) return undefined;
    const array = given?.[index];
    if (array === undefined || array.shape[0] !== size) {
      throw new GradstreamError('GS_TRAIN_TARGETS', {
        where,
        what: array === undefined ? 'A batch has no targets' : 'A batch has not as many targets as inputs',
        expected: `y with ${size} rows`,
        received: array === undefined ? 'no y' : `y ${describeShape(array.shape)}`,
        next: 'Give the dataset a y for every x.',
      });
    }
    goal.loss?.check(array, goal.shape);
    return array;
  });
}

/** Uploads an array as the dtype that is wanted. */
export function upload(array: HostArray, dtype: 'float32' | 'int32'): Tensor {
  return tensor(valuesAs(array, dtype), [...array.shape], dtype);
}

/** An array's values as the dtype that is wanted. */
export function valuesAs(array: HostArray, dtype: 'float32' | 'int32'): Float32Array | Int32Array {
  return dtype === 'float32' ? asFloat32(array) : asInt32(array);
}

const asFloat32 = ({ values }: HostArray): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values);
const asInt32 = ({ values }: HostArray): Int32Array =>
  values instanceof Int32Array ? values : Int32Array.from(values);

/** The arrays of a batch in the order of names: one alone, or a record that has all of them and no other (but for those in `allowed`). */
function arraysOf(
  where: string,
  part: 'x' | 'y',
  names: readonly string[],
  fields: Fields | undefined,
  allowed: readonly string[] = names,
): readonly HostArray[] {
  if (names.length === 1) {
    const arrays = fields === undefined || isHostArray(fields) ? [fields] : Object.values(fields);
    const named = fields === undefined || isHostArray(fields) ? undefined : fields[names[0]!];
    if (named === undefined && arrays.length !== 1)
      throw unusable(where, part, 'one array { dtype, shape, values }', describeValue(fields));
    return [checkArray(where, part, named ?? arrays[0])];
  }
  const record = fields === undefined || isHostArray(fields) ? undefined : fields;
  const given = record === undefined ? [] : Object.keys(record);
  if (
    record === undefined ||
    names.some((name) => !given.includes(name)) ||
    given.some((name) => !allowed.includes(name))
  )
    throw unusable(where, part, `arrays ${names.join(', ')}`, record === undefined ? 'one array' : given.join(', '));
  return names.map((name) => checkArray(where, `${part}.${name}`, record[name]));
}

function checkArray(where: string, name: string, array: unknown): HostArray {
  if (!isHostArray(array)) throw unusable(where, name, 'one array { dtype, shape, values }', describeValue(array));
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

function unusable(where: string, name: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_TRAIN_DATA', {
    where,
    what: `A batch's ${name} cannot be used`,
    expected,
    received,
    next: `Map the dataset so that each batch has ${expected.startsWith('one') ? `one ${name}` : `these under ${name}`}.`,
  });
}

/** True for numbers with a shape. */
export function isHostArray(value: unknown): value is HostArray {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, values } = value as Partial<HostArray>;
  return Array.isArray(shape) && ArrayBuffer.isView(values);
}

function fits(shape: readonly number[], expected: Shape): boolean {
  return shape.length === expected.length && expected.every((size, index) => size === null || size === shape[index]);
}
