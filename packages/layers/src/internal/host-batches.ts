import { describeValue, GradstreamError, type HostArray } from '@gradstream/core';

/** What a layer can be adapted to: one array, or batches of a dataset, of inputs or of examples with inputs as `x`. */
export type AdaptData =
  | HostArray
  | Iterable<HostArray | { readonly x: HostArray }>
  | AsyncIterable<HostArray | { readonly x: HostArray }>;

/** The inputs of data, batch by batch. Throws `GS_LAYER_ADAPT` for anything else, and where there are none. */
export async function* hostBatches(where: string, data: AdaptData): AsyncGenerator<HostArray> {
  const one = arrayOf(data);
  if (one !== undefined) {
    yield one;
    return;
  }
  if (!iterable(data)) throw refused(where, data);
  let count = 0;
  for await (const element of data) {
    const batch = arrayOf(element) ?? arrayOf((element as { readonly x?: unknown } | null)?.x);
    if (batch === undefined) throw refused(where, element);
    count++;
    yield batch;
  }
  if (count === 0) throw refused(where, 'no batches');
}

function iterable(data: unknown): data is Iterable<unknown> | AsyncIterable<unknown> {
  return typeof data === 'object' && data !== null && (Symbol.iterator in data || Symbol.asyncIterator in data);
}

function arrayOf(value: unknown): HostArray | undefined {
  const { shape, values } = (value ?? {}) as Partial<HostArray>;
  return Array.isArray(shape) && ArrayBuffer.isView(values) ? (value as HostArray) : undefined;
}

function refused(where: string, received: unknown): GradstreamError {
  return new GradstreamError('GS_LAYER_ADAPT', {
    where,
    what: 'There is nothing to learn from',
    expected: 'an array { dtype, shape, values }, or batches of them, of inputs or of examples { x }',
    received: typeof received === 'string' ? received : describeValue(received),
    next: 'Pass a dataset in batches, or one array.',
  });
}
