import { describeValue, GradstreamError, type HostArray } from '@gradstream/core';
import { makeFolders } from '@gradstream/core/node';
import { readSafetensors, safetensorsPieces, toHostArray } from '@gradstream/formats';
import * as files from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointSink } from '../checkpoint-sink.js';
import { readWhole, syncFolder, writeDurably } from './internal/durable-files.js';

const WHERE = 'trainer/weightFiles';
const NAME = /^[A-Za-z0-9_](?:[\w.=+ -]{0,118}[\w=+-])?$/;
/** The most bytes that are read as one file of weights. */
const LIMIT = 2 ** 36;

/**
 * A place for weights in a folder: `NAME.safetensors` for each checkpoint that a callback asks for. `fit(data, { checkpointSink: weightFiles('weights') })`.
 *
 * A file is there whole or not at all, and safe on the disk when training goes on; one of the same name is replaced. Metadata tell epoch and step. Throws
 * `GS_OPTION_VALUE` for what is no path; a checkpoint fails with `GS_CHECKPOINT_NAME` for a name that is none, and where the folder cannot be written to.
 */
export function weightFiles(folder: string): CheckpointSink {
  checkPath(folder);
  const pathOf = (name: string): string => join(folder, `${checkName(name)}.safetensors`);
  const sink = async ({ name, epoch, globalStep, weights }: Parameters<CheckpointSink>[0]): Promise<string> => {
    const path = pathOf(name);
    const unfinished = `${path}.${process.pid}.part`;
    await makeFolders(folder);
    await files.rm(unfinished, { force: true });
    try {
      const pieces = safetensorsPieces(Object.entries(weights), { epoch: String(epoch), step: String(globalStep) });
      await writeDurably(files, unfinished, [...pieces]);
      await files.rename(unfinished, path);
    } catch (error) {
      await files.rm(unfinished, { force: true });
      throw error;
    }
    await syncFolder(files, folder);
    return path;
  };
  return Object.assign(sink, { remove: (name: string) => files.rm(pathOf(name), { force: true }) });
}

/** Reads such a file, for `model.setWeights`. Throws `GS_CHECKPOINT_DAMAGED` or `GS_SAFETENSORS_*` for one that is not whole. */
export async function readWeights(path: string): Promise<Record<string, HostArray>> {
  checkPath(path);
  const { tensors } = readSafetensors(await readWhole(files, 'trainer/readWeights', path, LIMIT));
  return Object.fromEntries([...tensors].map(([name, tensor]) => [name, toHostArray(name, tensor)]));
}

function checkPath(path: unknown): asserts path is string {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where: WHERE,
    what: 'The path cannot be used',
    expected: 'a path',
    received: describeValue(path),
    next: 'Pass for example weightFiles("weights").',
  });
}

function checkName(name: unknown): string {
  if (typeof name === 'string' && NAME.test(name)) return name;
  throw new GradstreamError('GS_CHECKPOINT_NAME', {
    where: WHERE,
    what: 'Weights cannot have this name',
    expected: 'letters, digits and "._=+- " between them, 120 characters at most',
    received: describeValue(name),
    next: 'Use a plain name: it becomes that of a file.',
  });
}
