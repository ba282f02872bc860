import { describeValue, GradstreamError, sizeOf, type HostArray, type Shape } from '@gradstream/core';
import { fromArrays, type Dataset, type Example, type Fields } from '@gradstream/datasets';
import { Tensor } from '@tensorflow/tfjs-core';
import type { ArrayData, NumberFields, Numbers } from '../array-data.js';
import type { BatchSource } from './batch-source.js';
import { column, type Column } from './column.js';

/** How rows become batches. */
export interface BatchingOptions {
  readonly batchSize: number;
  /** The seed of the order, another one in each epoch; undefined leaves the rows in their order. */
  readonly shuffleSeed?: number | undefined;
}

type Part = 'x' | 'y' | 'sampleWeight';
type Columns = Column | Readonly<Record<string, Column>>;

/** True for data that `arrayTable` takes: a record with `x` that is no stream of batches. */
export function isArrayData(data: unknown): data is ArrayData {
  return typeof data === 'object' && data !== null && 'x' in data && !(Symbol.asyncIterator in data);
}

/** Examples in memory, a row each. */
export class ArrayTable {
  readonly rows: number;
  readonly #parts: Readonly<Partial<Record<Part, Columns>>>;
  readonly #columns: readonly Column[];
  #loaded: Promise<Example> | undefined;

  /**
   * `inputs` are the shapes that the model takes, with the batch in front: an input of width 1 may come without it, as in Keras. Throws `GS_TRAIN_ARRAY` for
   * what holds no numbers and `GS_TRAIN_ROWS` for arrays of different lengths or without a row.
   */
  constructor(where: string, data: ArrayData, inputs: Readonly<Record<string, Shape>>) {
    const unknown = Object.keys(data).find((name) => !['x', 'y', 'sampleWeight'].includes(name));
    if (unknown !== undefined) {
      throw new GradstreamError('GS_TRAIN_ARRAY', {
        where,
        what: `The data has a part "${unknown}"`,
        expected: 'x, y and sampleWeight',
        received: `"${unknown}"`,
        next: unknown === 'sampleWeights' ? 'Write sampleWeight.' : 'Leave it out.',
      });
    }
    const named: [string, Column][] = [];
    const columnsOf = (part: Part, given: NumberFields | undefined): Columns | undefined => {
      if (given === undefined) return undefined;
      if (isNumbers(given)) {
        const one = widened(column(where, part, given), part === 'x' ? Object.values(inputs)[0] : undefined);
        named.push([part, one]);
        return one;
      }
      if (typeof given !== 'object' || given === null || Object.keys(given).length === 0) {
        throw new GradstreamError('GS_TRAIN_ARRAY', {
          where,
          what: `The array ${part} cannot be used`,
          expected: 'numbers, or a record of them',
          received: describeValue(given),
          next: `Give ${part} as { dtype, shape, values }, a typed array, nested lists or a tensor.`,
        });
      }
      const record: Record<string, Column> = {};
      for (const [name, one] of Object.entries(given)) {
        record[name] = widened(column(where, `${part}.${name}`, one), part === 'x' ? inputs[name] : undefined);
        named.push([`${part}.${name}`, record[name]]);
      }
      return record;
    };
    const x = columnsOf('x', data.x);
    const [y, sampleWeight] = [columnsOf('y', data.y), columnsOf('sampleWeight', data.sampleWeight)];
    this.#parts = {
      ...(x === undefined ? {} : { x }),
      ...(y === undefined ? {} : { y }),
      ...(sampleWeight === undefined ? {} : { sampleWeight }),
    };
    this.#columns = named.map(([, one]) => one);
    this.rows = checkRows(where, named);
  }

  /** Batches of the rows in [from, to). Tensors are read when the first batch is asked for. */
  batches({ batchSize, shuffleSeed }: BatchingOptions, from = 0, to: number = this.rows): BatchSource {
    const open = (example: Example): Dataset<Example> => {
      const rows = fromArrays(mapExample(example, (array) => slice(array, from, to)));
      const ordered = shuffleSeed === undefined ? rows : rows.shuffle(to - from, { seed: shuffleSeed });
      return ordered.batch(batchSize);
    };
    if (this.#columns.every(({ host }) => host !== undefined)) return open(this.#example((one) => one.host!));
    let opened: Promise<Dataset<Example>> | undefined;
    const iterate = async function* (this: ArrayTable, epoch: number): AsyncGenerator<Example> {
      opened ??= this.#load().then(open);
      yield* (await opened).iterate(epoch);
    };
    return {
      size: Math.ceil((to - from) / batchSize),
      iterate: (epoch) => iterate.call(this, epoch),
      [Symbol.asyncIterator]: () => iterate.call(this, 0),
    };
  }

  #load(): Promise<Example> {
    this.#loaded ??= Promise.all(this.#columns.map(async (one) => [one, await one.read()] as const)).then((read) => {
      const found = new Map(read);
      return this.#example((one) => ({ ...found.get(one)!, shape: one.shape }));
    });
    return this.#loaded;
  }

  #example(arrayOf: (one: Column) => HostArray): Example {
    const fields = (columns: Columns): Fields =>
      isColumn(columns)
        ? arrayOf(columns)
        : Object.fromEntries(Object.entries(columns).map(([name, one]) => [name, arrayOf(one)]));
    return Object.fromEntries(
      Object.entries(this.#parts).map(([part, columns]) => [part, fields(columns)]),
    ) as unknown as Example;
  }
}

/** True for one array, false for a record of them. */
export function isNumbers(given: unknown): given is Numbers {
  if (Array.isArray(given) || ArrayBuffer.isView(given) || given instanceof Tensor) return true;
  return typeof given === 'object' && given !== null && 'values' in given && 'shape' in given;
}

const isColumn = (columns: Columns): columns is Column => typeof columns.read === 'function';

function mapExample(example: Example, change: (array: HostArray) => HostArray): Example {
  const map = (fields: Fields): Fields =>
    isNumbers(fields)
      ? change(fields as HostArray)
      : Object.fromEntries(Object.entries(fields).map(([name, array]) => [name, change(array as HostArray)]));
  return Object.fromEntries(
    Object.entries(example).map(([part, fields]) => [part, map(fields as Fields)]),
  ) as unknown as Example;
}

/** A column [rows] for an input [null, 1] is one of [rows, 1]. */
function widened(one: Column, expected: Shape | undefined): Column {
  if (expected?.length !== 2 || expected[1] !== 1 || one.shape.length !== 1) return one;
  const shape = [...one.shape, 1];
  const { host } = one;
  return { ...one, shape, host: host === undefined ? undefined : { ...host, shape } };
}

function slice({ dtype, shape, values }: HostArray, from: number, to: number): HostArray {
  const [rows, ...rest] = shape as [number, ...number[]];
  if (from === 0 && to === rows) return { dtype, shape, values } as HostArray;
  const size = sizeOf(rest);
  return { dtype, shape: [to - from, ...rest], values: values.subarray(from * size, to * size) } as HostArray;
}

function checkRows(where: string, named: readonly (readonly [string, Column])[]): number {
  const [first, ...others] = named;
  const rows = first?.[1].shape[0] ?? 0;
  const other = others.find(([, { shape }]) => shape[0] !== rows);
  if (rows > 0 && other === undefined) return rows;
  throw new GradstreamError('GS_TRAIN_ROWS', {
    where,
    what:
      rows > 0 ? `The array ${other![0]} has another number of examples than ${first![0]}` : 'The data has no example',
    expected: rows > 0 ? `${rows} examples` : 'at least one',
    received: String(other === undefined ? rows : other[1].shape[0]),
    next: 'Give all arrays the same number of examples, in front.',
  });
}
