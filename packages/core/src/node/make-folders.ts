import * as nodeFiles from 'node:fs/promises';
import { dirname } from 'node:path';

/** What making folders needs of a file system: Node's, or one that fails in a test. */
export type FolderMaker = Pick<typeof nodeFiles, 'mkdir' | 'stat'>;

/**
 * Makes a folder and those around it that are not there yet, and gives the outermost that was made; undefined where all were there. Rejects with the file
 * system's own error where that cannot be. `mkdir` with `recursive` does the same in most places, but never returns where a folder cannot be made although
 * the one around it is there, as in `/proc` (Node.js 20 to 24).
 */
export async function makeFolders(path: string, files: FolderMaker = nodeFiles): Promise<string | undefined> {
  if (await isFolder(path, files)) return undefined;
  const around = dirname(path);
  const outermost = (await isThere(around, files)) ? undefined : await makeFolders(around, files);
  try {
    await files.mkdir(path);
  } catch (error) {
    // Somebody else may have made it in between.
    if (await isFolder(path, files)) return outermost;
    throw error;
  }
  return outermost ?? path;
}

const isFolder = (path: string, files: FolderMaker): Promise<boolean> =>
  files.stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const isThere = (path: string, files: FolderMaker): Promise<boolean> =>
  files.stat(path).then(
    () => true,
    () => path === dirname(path),
  );
