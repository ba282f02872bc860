import {
  checkBoolean,
  checkOptions,
  defineCallback,
  describeValue,
  GradstreamError,
  type Callback,
  type EpochEnd,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap, defer } from 'rxjs';
import { checkPath } from '../internal/check-path.js';
import { TrainingMemory } from '../internal/training-memory.js';
import { CsvFile } from './csv-file.js';
import { csvRecord } from './csv-record.js';

/** Options of `csvLogger`. */
export interface CsvLoggerOptions {
  /** One character between fields. Default a comma. */
  readonly separator?: string;
  /** Goes on with a file that is there, in place of writing a new one. Default false. */
  readonly append?: boolean;
}

const WHERE = 'callbacks/csvLogger';

/**
 * A callback that writes each epoch's metrics as a line of a CSV file (RFC 4180): `epoch`, 0-based, and the metrics in alphabetical order, fixed when
 * training begins. An epoch without a metric has `NA`; numbers that are none are `nan`, `inf` and `-inf`.
 *
 * A line is on the disk before the next epoch starts. Folders are made. A training that goes on from a checkpoint goes on with the file as it was then: lines that were written
 * after it, and one that was torn, are cut off and come again. Throws `GS_OPTION_*` for options that cannot be used; fails with
 * `GS_CALLBACK_CSV_HEADER` during training where the columns are not those of the file that is appended to.
 *
 * Differs from Keras: columns are the metrics that training will have, so validation that comes later has its columns and training without validation
 * has no empty ones.
 */
export function csvLogger(path: string, options: CsvLoggerOptions = {}): Callback {
  checkOptions(WHERE, options, ['separator', 'append']);
  const { separator = ',', append = false } = options;
  checkBoolean(WHERE, 'append', append);
  checkPath(WHERE, path, 'csvLogger("logs/training.csv", { append: true })');
  if (typeof separator !== 'string' || separator.length !== 1 || /["\r\n]/.test(separator)) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: WHERE,
      what: 'The option "separator" has a value that cannot be used',
      expected: 'one character that is no quote and no line end',
      received: describeValue(separator),
      next: 'Give one, as ";" or "\\t", or leave it out.',
    });
  }
  /** The file's size when the last line was on the disk. */
  const memory = new TrainingMemory(WHERE, { bytes: 0 });
  const react: Callback = (events$) =>
    defer(() => {
      const file = new CsvFile(path, separator, append);
      let columns: readonly string[] | undefined;
      let told = false;
      let from = 0;

      const hold = (size: Promise<number>): TrainingCommand => {
        const until = size.then((bytes) => memory.set({ bytes }));
        // Whoever holds for it hears of a failure; nobody else has to.
        until.catch(() => undefined);
        return { type: 'hold', until };
      };
      const begin = (names: readonly string[]): TrainingCommand[] => {
        columns = [...new Set(names)].sort();
        return [hold(file.begin(['epoch', ...columns], from > 0 ? from : undefined))];
      };
      const write = ({ epoch, logs }: EpochEnd): TrainingCommand[] => {
        const commands = columns === undefined ? begin(Object.keys(logs)) : [];
        const fields = columns!.map((name) => fieldText(logs[name]));
        commands.push(hold(file.append(csvRecord([String(epoch), ...fields], separator))));
        const lost = Object.keys(logs).filter((name) => !columns!.includes(name));
        if (lost.length > 0 && !told) commands.push(columnLost(lost, path));
        told ||= lost.length > 0;
        return commands;
      };
      const answer = (event: TrainingEvent): TrainingCommand[] => {
        if (event.type === 'epochEnd') return write(event);
        if (event.type !== 'trainBegin') return [];
        columns = undefined;
        from = memory.begin() ? memory.value.bytes : 0;
        // Where the metrics are not known yet, the first epoch tells.
        return event.metricNames.length > 0 ? begin(event.metricNames) : [];
      };
      return events$.pipe(concatMap(answer));
    });
  return defineCallback('csvLogger', react, memory.traits);
}

function fieldText(value: number | undefined): string {
  if (value === undefined) return 'NA';
  if (Number.isNaN(value)) return 'nan';
  return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';
}

function columnLost(names: readonly string[], path: string): TrainingCommand {
  return {
    type: 'report',
    diagnosis: {
      name: 'csvColumnLost',
      severity: 'warning',
      message: `${path} has no column for ${names.join(', ')}: the columns were fixed before`,
      evidence: {},
      remedy: 'Start a new file.',
    },
  };
}
