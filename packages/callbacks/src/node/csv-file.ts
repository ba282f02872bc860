import { GradstreamError } from '@gradstream/core';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { csvRecord, firstCsvRecord } from './csv-record.js';

/** A CSV file that is written line by line, in the order of the calls; each promise is settled when its line is on the disk. */
export class CsvFile {
  readonly #path: string;
  readonly #separator: string;
  readonly #append: boolean;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string, separator: string, append: boolean) {
    this.#path = path;
    this.#separator = separator;
    this.#append = append;
  }

  /** Writes the header into a new file, or checks the one of the file that is appended to. */
  begin(header: readonly string[]): Promise<void> {
    return this.#next(async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      const text = this.#append ? await readIfThere(this.#path) : '';
      const line = csvRecord(header, this.#separator);
      if (text === '') return this.#write(line, 'w');
      this.#checkHeader(header, text);
      // A line that was torn off shall not take the next one with it.
      if (!text.endsWith('\n')) await this.#write('\r\n', 'a');
    });
  }

  append(line: string): Promise<void> {
    return this.#next(() => this.#write(line, 'a'));
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work);
    // Whoever holds for it hears of a failure; nobody else has to.
    this.#last.catch(() => undefined);
    return this.#last;
  }

  async #write(text: string, flags: 'a' | 'w'): Promise<void> {
    const file = await open(this.#path, flags);
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  #checkHeader(header: readonly string[], text: string): void {
    const found = firstCsvRecord(text, this.#separator);
    if (found.length === header.length && header.every((name, index) => name === found[index])) return;
    throw new GradstreamError('GS_CALLBACK_CSV_HEADER', {
      where: 'callbacks/csvLogger',
      what: `The columns of ${this.#path} are others than those of this training`,
      expected: header.join(this.#separator),
      received: found.join(this.#separator),
      next: 'Log to another file, leave append out to write it anew, or train with the metrics of before.',
    });
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return '';
    throw error;
  }
}
