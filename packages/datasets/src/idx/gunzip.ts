import { GradstreamError } from '@gradstream/core';

/** Bytes given to the unpacker at a time, so that little is unpacked ahead of whoever reads. */
const PIECE = 16 * 1024;

/** True for the first two bytes of gzip data (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks gzip data as it is read: ending early stops the unpacking and closes the source, so a bomb goes no further than its reader lets it.
 *
 * Throws `GS_IDX_GZIP` for data that is damaged or cut short; an error of the source itself comes as it is.
 */
export async function* gunzip(where: string, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter() as WritableStreamDefaultWriter<Uint8Array>;
  const reader = readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  let sourceError: { readonly error: unknown } | undefined;
  let stopped = false;
  let pulling = false;
  const feed = async (): Promise<void> => {
    while (!stopped) {
      pulling = true;
      const next = await source.next().catch((error: unknown) => {
        sourceError = { error };
        throw error;
      });
      pulling = false;
      if (next.done) return writer.close();
      for (let start = 0; start < next.value.length && !stopped; start += PIECE) {
        await writer.ready;
        await writer.write(next.value.subarray(start, start + PIECE));
      }
    }
  };
  // What goes wrong while writing shows at the reading end as well.
  const feeding = feed().catch((error: unknown) => writer.abort(error).catch(() => {}));
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await feeding;
    if (sourceError !== undefined) throw sourceError.error;
    return undefined;
  } catch (error) {
    if (sourceError !== undefined) throw sourceError.error;
    throw new GradstreamError('GS_IDX_GZIP', {
      where,
      what: 'The gzip data is damaged or cut short',
      expected: 'a whole gzip file (RFC 1952)',
      received: error instanceof Error ? error.message : String(error),
      next: 'Download the file again.',
      cause: error,
    });
  } finally {
    stopped = true;
    await Promise.allSettled([reader.cancel(), writer.abort()]);
    // A source that is waiting for its next piece is told to close, but a connection that hangs is not waited for.
    const closing = source.return?.();
    if (pulling) closing?.catch(() => {});
    else await closing;
  }
}
