import { checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pid } from 'node:process';
import { eventWriter, type EventWriter } from '../event-writer.js';
import { fileSink } from './file-sink.js';

const WHERE = 'tensorboard/fileEventWriter';

/** How an event file is named and timed. */
export interface FileEventWriterOptions {
  /** The end of the file's name. Default `.v2`, as Keras' callback has it. */
  readonly suffix?: string;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
}

/** Files that this process has named, so that two of the same second differ. */
let files = 0;

/**
 * A writer into a new event file of a folder, which is one run of TensorBoard:
 * `events.out.tfevents.<seconds>.<host>.<process id>.<number><suffix>`, as TensorFlow names them. Folder and file appear with the first flush
 * that has something to write. No tag is ever part of a path.
 *
 * After `flush()` the file ends with a whole record and its bytes are on the disk. Throws `GS_OPTION_VALUE` for a suffix that could leave the folder.
 */
export function fileEventWriter(folder: string, options: FileEventWriterOptions = {}): EventWriter {
  checkOptions(WHERE, options, ['suffix', 'clock']);
  const { suffix = '.v2', clock = Date.now } = options;
  if (typeof suffix !== 'string' || !/^[\w.-]*$/.test(suffix)) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: WHERE,
      what: 'The option "suffix" has a value that cannot be used',
      expected: 'letters, digits, dots, dashes and underscores',
      received: describeValue(suffix),
      next: 'Leave it out, or give one such as ".v2".',
    });
  }
  const host = hostname().replaceAll(/[^\w.-]/g, '_');
  const path = (): string => {
    const seconds = String(Math.floor(clock() / 1000)).padStart(10, '0');
    return join(folder, `events.out.tfevents.${seconds}.${host}.${pid}.${files++}${suffix}`);
  };
  return eventWriter(fileSink(path), { clock });
}
