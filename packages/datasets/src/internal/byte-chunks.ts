import { describeValue, GradstreamError } from '@gradstream/core';

/** Bytes as they come: all at once, in pieces, or as a web stream such as `response.body`. */
export type Bytes = Uint8Array | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/** The pieces of a source of bytes; ending early closes it. Throws `GS_DATASET_SOURCE` for something else, also for a piece that holds no bytes. */
export async function* byteChunks(where: string, source: Bytes): AsyncGenerator<Uint8Array, undefined> {
  if (source instanceof Uint8Array) {
    yield source;
    return undefined;
  }
  for await (const chunk of opened(where, source)) {
    if (!(chunk instanceof Uint8Array)) throw noBytes(where, chunk);
    yield chunk;
  }
  return undefined;
}

function opened(where: string, source: unknown): AsyncIterable<unknown> {
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source) return source as AsyncIterable<unknown>;
    // Safari's streams cannot be iterated.
    if ('getReader' in source) return streamed(source as ReadableStream<unknown>);
  }
  throw noBytes(where, source);
}

async function* streamed(stream: ReadableStream<unknown>): AsyncGenerator<unknown, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function noBytes(where: string, received: unknown): GradstreamError {
  return new GradstreamError('GS_DATASET_SOURCE', {
    where,
    what: 'These are no bytes',
    expected: 'a Uint8Array, an AsyncIterable of them, or a ReadableStream of them',
    received: describeValue(received),
    next: 'Pass the bytes of the file, for example response.body or createReadStream(path).',
  });
}
