import { describeValue, GradstreamError, sizeOf, type HostArray, type HostDtype } from '@gradstream/core';
import { Tensor } from '@tensorflow/tfjs-core';
import type { Numbers } from '../array-data.js';

/** An array of examples that may still lie on a device. */
export interface Column {
  readonly shape: readonly number[];
  /** The numbers, where they are on the host. */
  readonly host: HostArray | undefined;
  /** The numbers, copied from the device where they are there. */
  read(): Promise<HostArray>;
}

/** Makes a column of whatever holds numbers. Throws `GS_TRAIN_ARRAY` for anything else, lists of different lengths, and things that are no numbers. */
export function column(where: string, name: string, given: Numbers): Column {
  if (given instanceof Tensor) return onDevice(where, name, given);
  const host = hostArray(where, name, given);
  return { shape: host.shape, host, read: async () => host };
}

function onDevice(where: string, name: string, tensor: Tensor): Column {
  const { dtype, shape } = tensor;
  if (dtype === 'string' || dtype === 'complex64') throw refused(where, name, 'numbers', `a tensor of ${dtype}`);
  if (shape.length === 0) throw refused(where, name, 'the examples in front', 'a single number');
  return {
    shape,
    host: undefined,
    read: async () => ({ dtype, shape, values: await tensor.data() }) as HostArray,
  };
}

function hostArray(where: string, name: string, given: unknown): HostArray {
  if (Array.isArray(given)) return nested(where, name, given);
  if (ArrayBuffer.isView(given)) {
    const [dtype, values] = typed(where, name, given);
    return { dtype, shape: [values.length], values } as HostArray;
  }
  const { dtype, shape, values } = (given ?? {}) as Partial<HostArray>;
  const whole =
    Array.isArray(shape) && shape.length > 0 && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (whole && ArrayBuffer.isView(values) && sizeOf(shape) === values.length && isDtypeOf(dtype, values))
    return given as HostArray;
  throw refused(
    where,
    name,
    'numbers: { dtype, shape, values } that fit, a typed array, nested lists or a tensor',
    described(given),
  );
}

function isDtypeOf(dtype: HostDtype | undefined, values: unknown): boolean {
  if (dtype === 'float32') return values instanceof Float32Array;
  if (dtype === 'int32') return values instanceof Int32Array;
  return (dtype === 'uint8' || dtype === 'bool') && values instanceof Uint8Array;
}

function typed(where: string, name: string, values: ArrayBufferView): [HostDtype, HostArray['values']] {
  if (values instanceof Float32Array) return ['float32', values];
  if (values instanceof Int32Array) return ['int32', values];
  if (values instanceof Uint8Array) return ['uint8', values];
  if (values instanceof Uint8ClampedArray)
    return ['uint8', new Uint8Array(values.buffer, values.byteOffset, values.length)];
  if (values instanceof Int8Array || values instanceof Int16Array || values instanceof Uint16Array)
    return ['int32', Int32Array.from(values)];
  // Whole numbers above 2^31 have no int32.
  if (values instanceof Float64Array || values instanceof Uint32Array) return ['float32', Float32Array.from(values)];
  throw refused(where, name, 'a typed array of numbers', described(values));
}

function nested(where: string, name: string, lists: readonly unknown[]): HostArray {
  const shape: number[] = [];
  for (let first: unknown = lists; Array.isArray(first); first = first[0]) shape.push(first.length);
  const values = new Float64Array(sizeOf(shape));
  let filled = 0;
  let whole = true;
  const fill = (list: unknown, depth: number, path: string): void => {
    if (depth === shape.length) {
      const number = typeof list === 'boolean' ? Number(list) : list;
      if (typeof number !== 'number') throw refused(where, path, 'a number', described(list));
      whole &&= Number.isInteger(number) && Math.abs(number) < 2 ** 31;
      values[filled++] = number;
      return;
    }
    if (!Array.isArray(list) || list.length !== shape[depth])
      throw refused(where, path, `a list of ${shape[depth]}, as those before`, described(list));
    for (let index = 0; index < list.length; index++) fill(list[index], depth + 1, `${path}[${index}]`);
  };
  fill(lists, 0, name);
  return whole
    ? { dtype: 'int32', shape, values: Int32Array.from(values) }
    : { dtype: 'float32', shape, values: Float32Array.from(values) };
}

const described = (value: unknown): string =>
  Array.isArray(value) ? `a list of ${value.length}` : describeValue(value);

function refused(where: string, name: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_TRAIN_ARRAY', {
    where,
    what: `The array ${name} cannot be used`,
    expected,
    received,
    next: 'Give numbers with the examples in front, for example [[1, 2], [3, 4]] for two examples of two.',
  });
}
