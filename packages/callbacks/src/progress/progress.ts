import {
  checkBoolean,
  checkNumber,
  checkOptions,
  defineCallback,
  describeValue,
  GradstreamError,
  type Callback,
} from '@gradstream/core';
import { defer, finalize, ignoreElements, tap } from 'rxjs';
import { ProgressDisplay } from './progress-display.js';
import { COLUMNS, defaultTerminal } from './terminal.js';

/** Options of `progress`. */
export interface ProgressOptions {
  /** Where text goes. Default: standard output where there is one, else a line of the console each. */
  readonly stream?: (text: string) => void;
  /** Whether the line of an epoch is drawn over in place. Default: standard output is a terminal; with a `stream`, false. */
  readonly interactive?: boolean;
  /** Columns of the terminal, which a line never exceeds. Default: the terminal's, or 80. */
  readonly columns?: number;
  /** Characters of the bar, which gets shorter where there is no room. Default 20. */
  readonly width?: number;
  /** Milliseconds between two drawings; also between two epochs' lines, where epochs are shorter than that. Default 50. */
  readonly refreshMilliseconds?: number;
  /** Seconds between two lines inside a long epoch where lines are not drawn over. Default 30. */
  readonly logSeconds?: number;
}

const WHERE = 'callbacks/progress';
const KNOWN = ['stream', 'interactive', 'columns', 'width', 'refreshMilliseconds', 'logSeconds'];

/**
 * Shows how training goes: on a terminal a live line an epoch like Keras', elsewhere plain lines, one an epoch and some in long ones. Diagnoses,
 * callbacks that failed, and why training ended early get lines of their own.
 *
 * The speed leaves out the first step, which warms up, and validation. The same diagnosis is shown once in `logSeconds`, with
 * how often it came. Throws `GS_OPTION_*` for options that
 * cannot be used. Differs from Keras: a line never wraps, and a log gets no line a step.
 */
export function progress(options: ProgressOptions = {}): Callback {
  checkOptions(WHERE, options, KNOWN);
  const { stream, interactive, columns, width = 20, refreshMilliseconds = 50, logSeconds = 30 } = options;
  if (stream !== undefined && typeof stream !== 'function') {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: WHERE,
      what: 'The option "stream" has a value that cannot be used',
      expected: 'a function that takes text',
      received: describeValue(stream),
      next: 'Pass for example stream: (text) => process.stderr.write(text).',
    });
  }
  if (interactive !== undefined) checkBoolean(WHERE, 'interactive', interactive);
  if (columns !== undefined) checkNumber(WHERE, 'columns', columns, { min: 1, integer: true });
  checkNumber(WHERE, 'width', width, { min: 0, integer: true });
  checkNumber(WHERE, 'refreshMilliseconds', refreshMilliseconds, { min: 0 });
  checkNumber(WHERE, 'logSeconds', logSeconds, { min: 0 });
  return defineCallback('progress', (events$) =>
    defer(() => {
      const own = { write: stream!, interactive: false, columns: () => COLUMNS };
      const terminal = stream === undefined ? defaultTerminal() : own;
      const display = new ProgressDisplay({
        write: terminal.write,
        interactive: interactive ?? terminal.interactive,
        columns: columns === undefined ? terminal.columns : () => columns,
        width,
        refreshMilliseconds,
        logMilliseconds: logSeconds * 1000,
      });
      return events$.pipe(
        tap((event) => display.take(event)),
        finalize(() => display.close()),
        ignoreElements(),
      );
    }),
  );
}
