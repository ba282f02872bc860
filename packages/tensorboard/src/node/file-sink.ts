import { makeFolders } from '@gradstream/core/node';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EventSink } from '../event-writer.js';

/**
 * A sink into a new file. Nothing is made before the first byte: then its folder, and the first of the paths that is not there yet, so no file is ever
 * written over. `sync` returns when the bytes are on the disk.
 */
export function fileSink(paths: () => string): EventSink {
  let opened: Promise<FileHandle> | undefined;
  return {
    async write(bytes) {
      const file = await (opened ??= openNew(paths));
      // Writes on until all bytes are out, unlike the handle's `write`.
      await file.appendFile(bytes);
    },
    async sync() {
      await (await opened)?.datasync();
    },
    async close() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

async function openNew(paths: () => string): Promise<FileHandle> {
  for (;;) {
    const path = paths();
    await makeFolders(dirname(path));
    try {
      return await open(path, 'wx');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
