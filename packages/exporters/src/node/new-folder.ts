import { GradstreamError } from '@gradstream/core';
import { makeFolders } from '@gradstream/core/node';
import { rename, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './write-file.js';

/** A folder that is being filled under another name, and appears whole or not at all. */
export interface NewFolder {
  /** Where files are put now. */
  readonly temporary: string;
  /** Where they will be. */
  readonly path: string;
  /** Makes the folder appear. */
  appear(): Promise<void>;
  /** Leaves nothing behind: removes the temporary folder, and those around it that were made for it. */
  abandon(): Promise<void>;
}

/** Makes a folder with those around it, and gives the work what removes them again, as far as they are empty. When the work fails, it is done. */
export async function inFolder(
  path: string,
  work: (removeMade: () => Promise<void>) => Promise<NewFolder>,
): Promise<NewFolder> {
  const outermost = await makeFolders(path);
  const removeMade = (): Promise<void> => removeEmpty(path, outermost);
  try {
    return await work(removeMade);
  } catch (error) {
    await removeMade();
    throw error;
  }
}

/** A folder that was made as `temporary` and appears by being renamed to `path`. */
export function renamedFolder(temporary: string, path: string, removeMade: () => Promise<void>): NewFolder {
  return {
    temporary,
    path,
    async appear() {
      await rename(temporary, path);
      await syncFolder(dirname(path));
    },
    async abandon() {
      await rm(temporary, { recursive: true, force: true });
      await removeMade();
    },
  };
}

/** The error for a place that is taken. */
export function taken(path: string, received: string, next: string): GradstreamError {
  const what = `The export cannot be put at ${path}`;
  return new GradstreamError('GS_EXPORT_EXISTS', {
    where: 'exporters/saveModel',
    what,
    expected: 'a place that is free',
    received,
    next,
  });
}

async function removeEmpty(path: string, outermost: string | undefined): Promise<void> {
  if (outermost === undefined) return;
  for (let folder = path; ; folder = dirname(folder)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed || folder === outermost || folder === dirname(folder)) return;
  }
}
