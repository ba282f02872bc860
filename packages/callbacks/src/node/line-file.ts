import { makeFolders } from '@gradstream/core/node';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A text file that is written piece by piece, in the order of the calls; each promise is settled when its piece is on the disk. */
export class LineFile {
  readonly path: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  /** Cuts off what lies behind so many bytes, if the file is there: what was written after the checkpoint that training goes on from, a torn last line included. */
  async cut(bytes: number): Promise<void> {
    const file = await open(this.path, 'r+').catch((error: { readonly code?: unknown }) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file === undefined) return;
    try {
      if ((await file.stat()).size <= bytes) return;
      await file.truncate(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** Makes the folders that lead to the file. */
  makeFolder(): Promise<unknown> {
    return makeFolders(dirname(this.path));
  }

  /** Does a piece of work after what was asked for before. */
  next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done;
    // Whoever holds for it hears of a failure; nobody else has to.
    done.catch(() => undefined);
    return done;
  }

  /** Writes now: a new file, or at the end of it. Gives the size that the file has then, in bytes. */
  async write(text: string, flags: 'a' | 'w'): Promise<number> {
    const file = await open(this.path, flags);
    try {
      await file.writeFile(text);
      await file.datasync();
      return (await file.stat()).size;
    } finally {
      await file.close();
    }
  }
}
