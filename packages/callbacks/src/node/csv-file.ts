import { GradstreamError } from '@gradstream/core';
import { readFile } from 'node:fs/promises';
import { csvRecord, firstCsvRecord } from './csv-record.js';
import { LineFile } from './line-file.js';

/** A CSV file that is written line by line, in the order of the calls; each promise is settled when its line is on the disk. */
export class CsvFile {
  readonly #file: LineFile;
  readonly #separator: string;
  readonly #append: boolean;

  constructor(path: string, separator: string, append: boolean) {
    this.#file = new LineFile(path);
    this.#separator = separator;
    this.#append = append;
  }

  /** Writes the header into a new file, or checks the one of the file that is gone on with: behind `from` bytes, or at its end. Gives its size in bytes. */
  begin(header: readonly string[], from?: number): Promise<number> {
    return this.#file.next(async () => {
      await this.#file.makeFolder();
      if (from !== undefined) await this.#file.cut(from);
      const text = this.#append || from !== undefined ? await readIfThere(this.#file.path) : '';
      const line = csvRecord(header, this.#separator);
      if (text === '') return this.#file.write(line, 'w');
      this.#checkHeader(header, text);
      // A line that was torn off shall not take the next one with it.
      return this.#file.write(text.endsWith('\n') ? '' : '\r\n', 'a');
    });
  }

  append(line: string): Promise<number> {
    return this.#file.next(() => this.#file.write(line, 'a'));
  }

  #checkHeader(header: readonly string[], text: string): void {
    const found = firstCsvRecord(text, this.#separator);
    if (found.length === header.length && header.every((name, index) => name === found[index])) return;
    throw new GradstreamError('GS_CALLBACK_CSV_HEADER', {
      where: 'callbacks/csvLogger',
      what: `The columns of ${this.#file.path} are others than those of this training`,
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
