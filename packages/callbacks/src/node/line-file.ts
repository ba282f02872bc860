import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A text file that is written piece by piece, in the order of the calls; each promise is settled when its piece is on the disk. */
export class LineFile {
  readonly path: string;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  /** Makes the folders that lead to the file. */
  makeFolder(): Promise<unknown> {
    return mkdir(dirname(this.path), { recursive: true });
  }

  /** Does a piece of work after what was asked for before. */
  next(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work);
    // Whoever holds for it hears of a failure; nobody else has to.
    this.#last.catch(() => undefined);
    return this.#last;
  }

  /** Writes now: a new file, or at the end of it. */
  async write(text: string, flags: 'a' | 'w'): Promise<void> {
    const file = await open(this.path, flags);
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}
