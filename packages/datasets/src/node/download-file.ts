import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { GradstreamError } from '@gradstream/core';

/** What a download needs of `fetch`. */
export type Fetch = (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>;

/** A file to download. */
export interface Download<T> {
  readonly url: string;
  /** Where the file will be; its folder exists. */
  readonly path: string;
  /** The most bytes that are taken from the server, whatever it announces. */
  readonly maxBytes: number;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  /** Told the bytes so far, and all of them where the server says how many. */
  readonly progress: (received: number, total: number | null) => void;
  /** Reads the file that was downloaded and throws if it is not the right one. */
  readonly read: (path: string) => Promise<T>;
}

/**
 * Downloads a file and gives what `read` makes of it. The file appears under its name only when it is whole and `read` has accepted it; in
 * every other case nothing is left behind.
 *
 * Throws `GS_DATASET_DOWNLOAD` for a failing connection or an answer without the file, `GS_DATASET_SIZE` above the limit, and what `read` throws.
 */
export async function downloadFile<T>({ url, path, maxBytes, fetch, signal, progress, read }: Download<T>): Promise<T> {
  const response = await connected(url, () => fetch(url, { signal }));
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw failed(url, `the status ${response.status} ${response.statusText}`.trim());
  }
  const total = announcedBytes(response);
  const partial = `${path}.${randomUUID()}.part`;
  const handle = await open(partial, 'wx');
  try {
    try {
      if (total !== null && total > maxBytes) throw tooLarge(url, maxBytes, `${total} bytes announced`);
      let received = 0;
      for await (const chunk of bodyOf(url, response.body)) {
        received += chunk.length;
        if (received > maxBytes) throw tooLarge(url, maxBytes, `at least ${received} bytes`);
        await handle.writeFile(chunk);
        progress(received, total);
      }
      if (total !== null && received < total)
        throw failed(url, `the end of the answer after ${received} of ${total} bytes`);
    } finally {
      await response.body.cancel().catch(() => {});
      await handle.close();
    }
    const result = await read(partial);
    signal.throwIfAborted();
    await rename(partial, path);
    return result;
  } finally {
    await rm(partial, { force: true });
  }
}

/** What the server says the file has; nothing where it packs the answer once more, for then it tells the packed size. */
function announcedBytes({ headers }: Response): number | null {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') || !/^\d+$/.test(length) ? null : Number(length);
}

async function* bodyOf(url: string, body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await connected(url, () => reader.read());
      if (done) return undefined;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

async function connected<R>(url: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    throw failed(url, `${error instanceof Error ? error.message : String(error)}${cause}`, error);
  }
}

function failed(url: string, received: string, cause?: unknown): GradstreamError {
  return new GradstreamError('GS_DATASET_DOWNLOAD', {
    where: `datasets/download "${url}"`,
    what: 'The file could not be downloaded',
    expected: 'an answer with the whole file',
    received,
    next: 'Check the connection and try again.',
    cause,
  });
}

function tooLarge(url: string, maxBytes: number, received: string): GradstreamError {
  return new GradstreamError('GS_DATASET_SIZE', {
    where: `datasets/download "${url}"`,
    what: 'The answer is larger than the file can be',
    expected: `at most ${maxBytes} bytes`,
    received,
    next: 'Check where the address leads to, for example to a page that asks for a login.',
  });
}
