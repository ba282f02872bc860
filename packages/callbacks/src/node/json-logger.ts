import { checkBoolean, checkOptions, defineCallback, type Callback, type Json } from '@gradstream/core';
import { defer } from 'rxjs';
import { checkPath } from '../internal/check-path.js';
import { badState } from '../internal/training-memory.js';
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
 * Lines are on the disk before the next epoch starts. Folders are made. A training that goes on from a checkpoint goes on with the file as it was then: lines that were written
 * after it, and one that was torn, are cut off, and their events come again. Throws `GS_OPTION_*` for options that cannot be used; a file that cannot be
 * written fails the callback during training, not the training.
 */
export function jsonLogger(path: string, options: JsonLoggerFileOptions = {}): Callback {
  checkOptions(WHERE, options, ['events', 'append']);
  const { append = false, ...rest } = options;
  checkBoolean(WHERE, 'append', append);
  checkPath(WHERE, path, 'jsonLogger("logs/training.jsonl", { append: true })');
  /** The file's size when the last lines were on the disk, and whether that is where it is gone on with. */
  let [bytes, begun, goesOn] = [0, append, false];
  const file = new LineFile(path);
  const logger = jsonLoggerTo(
    (lines) =>
      file.next(async () => {
        await file.makeFolder();
        if (goesOn) await file.cut(bytes);
        bytes = await file.write(lines, begun || goesOn ? 'a' : 'w');
        [begun, goesOn] = [true, false];
      }),
    rest,
  );
  const react: Callback = (events$) =>
    defer(() => {
      [bytes, begun, goesOn] = [0, append, false];
      return logger(events$);
    });
  return defineCallback('jsonLogger', react, {
    state: () => ({ bytes, lines: logger.state!() }),
    restore: (state) => {
      const saved = Object(state) as { readonly bytes?: unknown; readonly lines?: Json };
      if (!Number.isSafeInteger(saved.bytes) || (saved.bytes as number) < 0)
        throw badState(WHERE, '{ bytes, lines }', state);
      logger.restore!(saved.lines ?? null);
      bytes = saved.bytes as number;
      goesOn = bytes > 0;
    },
  });
}
