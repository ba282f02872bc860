import { checkBoolean, checkOptions, defineCallback, type Callback } from '@gradstream/core';
import { defer } from 'rxjs';
import { checkPath } from '../internal/check-path.js';
import { jsonLoggerTo, type JsonLoggerOptions } from '../json-logger.js';
import { LineFile } from './line-file.js';

/** Options of `jsonLogger`. */
export interface JsonLoggerFileOptions extends JsonLoggerOptions {
  /** Goes on with a file that is there, in place of writing a new one. Default false. */
  readonly append?: boolean;
}

const WHERE = 'callbacks/jsonLogger';

/**
 * A callback that writes events into a file as JSON, a line each (JSON Lines). Which ones, and how: see `jsonLoggerTo`.
 *
 * Lines are on the disk before the next epoch starts. Folders are made. Throws `GS_OPTION_*` for options that cannot be used; a file that cannot be
 * written fails the callback during training, not the training.
 */
export function jsonLogger(path: string, options: JsonLoggerFileOptions = {}): Callback {
  checkOptions(WHERE, options, ['events', 'append']);
  const { append = false, ...rest } = options;
  checkBoolean(WHERE, 'append', append);
  checkPath(WHERE, path, 'jsonLogger("logs/training.jsonl", { append: true })');
  const open = (): Callback => {
    const file = new LineFile(path);
    let begun = append;
    return jsonLoggerTo(
      (lines) =>
        file.next(async () => {
          await file.makeFolder();
          await file.write(lines, begun ? 'a' : 'w');
          begun = true;
        }),
      rest,
    );
  };
  open();
  return defineCallback('jsonLogger', (events$) => defer(() => open()(events$)));
}
