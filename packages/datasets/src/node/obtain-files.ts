import { makeFolders } from '@gradstream/core/node';
import { join, dirname } from 'node:path';
import {
  GradstreamError,
  isGradstreamError,
  sizeOf,
  type DatasetEvent,
  type HostArray,
  type RunContext,
} from '@gradstream/core';
import { downloadFile, type Fetch } from './download-file.js';
import { findFiles } from './find-files.js';
import type { DataFile } from './mnist-files.js';
import { readDataFile } from './read-data-file.js';

/** Where to look for files, and where to have them from. */
export interface ObtainOptions {
  readonly files: readonly DataFile[];
  /** Folders to look in, in order. */
  readonly folders: readonly string[];
  /** The folder for downloads; looked in last. */
  readonly cache: string;
  /** Addresses of folders to download from, in order; none: no download. */
  readonly sources: readonly string[];
  readonly fetch: Fetch;
}

/** The contents of the files, and the folder they lie in. */
export interface Obtained {
  readonly arrays: readonly HostArray<'uint8'>[];
  readonly folder: string;
}

/** Room for a packed file beyond what it holds: gzip makes no file larger by more than this. */
const PACKING = 64 * 1024;

/**
 * Reads a dataset's files from the first folder that has all of them; else downloads what the cache folder lacks.
 *
 * Throws `GS_DATASET_UNAVAILABLE` with every place that was tried, `GS_DATASET_STOPPED` after `stop()`, and what reading a file throws.
 */
export async function obtainFiles(options: ObtainOptions, context: RunContext<DatasetEvent>): Promise<Obtained> {
  const { files, folders, cache } = options;
  const { signal } = context;
  try {
    for (const folder of folders) {
      const paths = await findFiles(folder, files);
      if (!paths.every((path) => path !== undefined)) continue;
      return { folder, arrays: await inTurn(files, (file, index) => readDataFile(paths[index]!, file, signal)) };
    }
    const cached = await findFiles(cache, files);
    const arrays = await inTurn(files, (file, index) => {
      signal.throwIfAborted();
      const path = cached[index];
      return path === undefined ? download(file, options, context) : readDataFile(path, file, signal);
    });
    return { folder: cache, arrays };
  } catch (error) {
    if (signal.aborted) throw stopped(signal, error);
    throw error;
  }
}

async function inTurn<A, B>(items: readonly A[], work: (item: A, index: number) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const [index, item] of items.entries()) results.push(await work(item, index));
  return results;
}

async function download(
  file: DataFile,
  options: ObtainOptions,
  { emit, signal }: RunContext<DatasetEvent>,
): Promise<HostArray<'uint8'>> {
  const name = `${file.name}.gz`;
  const path = join(options.cache, name);
  const errors: unknown[] = [];
  for (const source of options.sources) {
    let bytes = 0;
    try {
      await makeFolders(dirname(path));
      const array = await downloadFile({
        url: `${source.replace(/\/$/, '')}/${name}`,
        path,
        maxBytes: 4 + 4 * file.shape.length + sizeOf(file.shape) + PACKING,
        fetch: options.fetch,
        signal,
        progress: (received, total) => {
          bytes = received;
          emit({ type: 'downloadProgress', file: name, received, total, time: now() });
        },
        read: (partial) => readDataFile(partial, file, signal),
      });
      emit({ type: 'downloadEnd', file: name, bytes, time: now() });
      return array;
    } catch (error) {
      if (signal.aborted) throw error;
      errors.push(error);
    }
  }
  throw unavailable(file, options, errors);
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function unavailable(
  { name }: DataFile,
  { folders, cache, sources, files }: ObtainOptions,
  errors: readonly unknown[],
): GradstreamError {
  const reasons = errors.map((error, index) => `${sources[index]}: ${reasonOf(error)}`);
  return new GradstreamError('GS_DATASET_UNAVAILABLE', {
    where: 'datasets/mnist',
    what: `The file ${name} is not on this machine and was not downloaded`,
    expected: `the files ${files.map((file) => `${file.name}[.gz]`).join(', ')} in one of the folders ${[...folders, cache].join(', ')}`,
    received: `no folder with all of them; ${reasons.length === 0 ? 'downloading is turned off' : reasons.join('; ')}`,
    next: `Connect to the network and try again, put the files into one of these folders, or name their folder in GRADSTREAM_DATA. syntheticDigits() needs no file.`,
    cause: errors.length === 0 ? undefined : new AggregateError(errors),
  });
}

function reasonOf(error: unknown): string {
  if (isGradstreamError(error)) return `${error.code}, ${error.what}: ${error.received}`;
  return error instanceof Error ? error.message : String(error);
}

function stopped(signal: AbortSignal, cause: unknown): GradstreamError {
  return new GradstreamError('GS_DATASET_STOPPED', {
    where: 'datasets/mnist',
    what: 'Loading was stopped before it was done',
    expected: 'all files read',
    received: String(signal.reason),
    next: 'Start again: files that were downloaded whole are kept.',
    cause,
  });
}
