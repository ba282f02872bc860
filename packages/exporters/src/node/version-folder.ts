import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inFolder, renamedFolder, taken, type NewFolder } from './new-folder.js';

/** Times in a row that a version is looked for. */
const ATTEMPTS = 10;

/** How the version is found. */
export interface VersionFolderOptions {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Waits about a second; throws to end the search. */
  readonly wait: () => Promise<void>;
}

/**
 * A folder `<base>/<seconds since 1970>` that is filled as `<base>/temp-<seconds>`, which TensorFlow Serving passes over. Where the second is taken, by a
 * version that is there or one that is being written, it waits for the next one: at most 10 times, then `GS_EXPORT_EXISTS`.
 */
export function versionFolder(base: string, { clock, wait }: VersionFolderOptions): Promise<NewFolder> {
  return inFolder(base, async (removeMade) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await wait();
      const version = String(Math.floor(clock() / 1000));
      const temporary = join(base, `temp-${version}`);
      // Making the folder claims the second: of several writers only one can.
      if (!(await claims(temporary))) continue;
      if (!(await readdir(base)).includes(version)) return renamedFolder(temporary, join(base, version), removeMade);
      await rmdir(temporary);
    }
    throw taken(base, `no free version in ${ATTEMPTS} seconds`, 'Wait until other exports into this folder are done.');
  });
}

async function claims(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
