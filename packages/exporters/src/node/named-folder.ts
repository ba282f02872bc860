import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inFolder, renamedFolder, taken, type NewFolder } from './new-folder.js';

/**
 * A folder of a given name that is filled beside it. Throws `GS_EXPORT_EXISTS` where the folder is there and holds something, unless `replaceable`
 * names all that it holds: then it gives way when the new one is whole.
 */
export function namedFolder(path: string, replaceable: readonly string[] | undefined): Promise<NewFolder> {
  return inFolder(dirname(path), async (removeMade) => {
    await checkFree(path, replaceable);
    const temporary = join(
      dirname(path),
      `temp-${basename(path)}-${process.pid}-${Math.random().toString(36).slice(2, 10)}`,
    );
    await mkdir(temporary);
    const folder = renamedFolder(temporary, path, removeMade);
    return { ...folder, appear: () => replace(folder, replaceable) };
  });
}

async function replace(
  { temporary, path, appear }: NewFolder,
  replaceable: readonly string[] | undefined,
): Promise<void> {
  if (!(await checkFree(path, replaceable))) return appear();
  const old = `${temporary}-old`;
  await rename(path, old);
  try {
    await appear();
  } catch (error) {
    await rename(old, path);
    throw error;
  }
  await rm(old, { recursive: true });
}

/** Whether there is a folder that may be replaced; false where there is nothing. */
async function checkFree(path: string, replaceable: readonly string[] | undefined): Promise<boolean> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'ENOTDIR') throw taken(path, 'a file', 'Give the path of a folder that is not there yet.');
    throw error;
  }
  const foreign = names.filter((name) => !(replaceable ?? []).includes(name));
  if (foreign.length === 0) return true;
  const next =
    replaceable === undefined
      ? 'Pass overwrite: true to replace an export, timestamped: true to put a version inside, or choose another folder.'
      : 'Choose another folder: only the files of an earlier export are replaced.';
  throw taken(path, `a folder with ${foreign.slice(0, 4).join(', ')}`, next);
}
