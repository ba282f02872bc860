import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFile } from './mnist-files.js';

/** The path of each file in a folder, packed or not; undefined for one that is not there. */
export function findFiles(folder: string, files: readonly DataFile[]): Promise<(string | undefined)[]> {
  return Promise.all(
    files.map(async ({ name }) => {
      for (const path of [join(folder, `${name}.gz`), join(folder, name)]) if (await isFile(path)) return path;
      return undefined;
    }),
  );
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
