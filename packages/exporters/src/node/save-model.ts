import {
  checkBoolean,
  checkChoice,
  checkOptions,
  describeValue,
  GradstreamError,
  isGradstreamError,
  startRun,
  type ExportEvent,
  type Run,
} from '@gradstream/core';
import type { Model } from '@gradstream/layers';
import { join, resolve } from 'node:path';
import { byteLength, type ExportedFile, type Exporter } from '../exporter.js';
import { safetensors } from '../safetensors/safetensors.js';
import { savedModel } from '../saved-model/saved-model.js';
import { namedFolder } from './named-folder.js';
import type { NewFolder } from './new-folder.js';
import { versionFolder } from './version-folder.js';
import { syncFolder, writeFile } from './write-file.js';

const WHERE = 'exporters/saveModel';
type FormatName = 'savedModel' | 'safetensors';

const FORMATS: Readonly<Record<FormatName, Exporter>> = { savedModel, safetensors };

/** Events of an export at most, beside those of its files. */
const PROGRESS_EVENTS = 100;

/** How a model is saved. */
export interface SaveModelOptions {
  /** `'savedModel'` (the default) for TensorFlow, `'safetensors'` for the weights alone, or an exporter of one's own. */
  readonly format?: FormatName | Exporter;
  /** Puts the files into a folder of their own inside, named after the seconds since 1970, as TensorFlow Serving expects versions. Default false. */
  readonly timestamped?: boolean;
  /** Replaces an earlier export in the folder, and nothing else. Default false. */
  readonly overwrite?: boolean;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
}

/** Where a model was saved. */
export interface SavedTo {
  /** The folder that holds the files, absolute. */
  readonly path: string;
  /** The files, absolute. */
  readonly files: readonly string[];
}

/**
 * Saves a model into a folder, as a run: await it for the path, watch `events$` for progress. The folder appears only when it is whole and on the disk.
 *
 * `stop()` and errors leave nothing behind; a stopped run rejects with `GS_EXPORT_STOPPED`. Throws `GS_EXPORT_EXISTS` where something else is at the
 * path, `GS_EXPORT_WRITE` where it cannot be written to, and what the format's exporter throws.
 */
export function saveModel(model: Model, folder: string, options: SaveModelOptions = {}): Run<ExportEvent, SavedTo> {
  checkOptions(WHERE, options, ['format', 'timestamped', 'overwrite', 'clock']);
  const { timestamped = false, overwrite = false, clock = Date.now } = options;
  const exporter = exporterOf(options.format ?? 'savedModel');
  checkBoolean(WHERE, 'timestamped', timestamped);
  checkBoolean(WHERE, 'overwrite', overwrite);
  const path = resolve(checkPath(folder));
  return startRun(async ({ emit, signal }) => {
    const goOn = (): void => {
      if (signal.aborted) throw stopped(signal);
    };
    try {
      const files = await exporter.export(model);
      checkNames(files);
      goOn();
      const target = timestamped
        ? await versionFolder(path, { clock, wait: () => pause(1000, signal).then(goOn) })
        : await namedFolder(path, overwrite ? files.map(({ name }) => name) : undefined);
      const progress = progressOf(files, (done, total, what) =>
        emit({ type: 'exportProgress', done, total, what, time: Date.now() }),
      );
      await fill(target, files, (name) => {
        progress(name);
        goOn();
      });
      for (const file of files)
        emit({ type: 'fileWritten', path: join(target.path, file.name), bytes: byteLength(file), time: Date.now() });
      return { path: target.path, files: files.map(({ name }) => join(target.path, name)) };
    } catch (error) {
      throw isGradstreamError(error) ? error : notWritten(path, error);
    }
  });
}

/** Writes the files and makes the folder appear; when anything fails, nothing is left of it. */
async function fill(target: NewFolder, files: readonly ExportedFile[], onPiece: (file: string) => void): Promise<void> {
  try {
    for (const { name, pieces } of files) await writeFile(join(target.temporary, name), pieces, () => onPiece(name));
    await syncFolder(target.temporary);
    await target.appear();
  } catch (error) {
    await target.abandon();
    throw error;
  }
}

/** Waits, less long when the signal is aborted. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}

function exporterOf(format: unknown): Exporter {
  if (typeof format === 'object' && format !== null && typeof (format as Exporter).export === 'function')
    return format as Exporter;
  return FORMATS[checkChoice(WHERE, 'format', format, Object.keys(FORMATS) as FormatName[])];
}

function checkPath(folder: unknown): string {
  if (typeof folder === 'string' && folder !== '' && !folder.includes('\0')) return folder;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where: WHERE,
    what: 'The folder cannot be used',
    expected: 'a path',
    received: describeValue(folder),
    next: 'Pass the model first, then the folder: saveModel(model, "export").',
  });
}

/** File names come from exporters, which anyone can write: none may leave the folder. */
function checkNames(files: readonly ExportedFile[]): void {
  for (const { name } of files) {
    if (/^[\w-][\w.-]*$/.test(name)) continue;
    throw new GradstreamError('GS_EXPORT_NAME', {
      where: WHERE,
      what: 'The exporter gave a file a name that cannot be used',
      expected: 'letters, digits, "_", "-" and "."',
      received: describeValue(name),
      next: 'Mend the exporter.',
    });
  }
}

/** Counts pieces, and reports at most so many times, the last one included. */
function progressOf(
  files: readonly ExportedFile[],
  report: (done: number, total: number, what: string) => void,
): (what: string) => void {
  const total = files.reduce((sum, { pieces }) => sum + pieces.length, 0);
  const every = Math.ceil(total / PROGRESS_EVENTS);
  let done = 0;
  return (what) => {
    done++;
    if (done % every === 0 || done === total) report(done, total, what);
  };
}

function stopped(signal: AbortSignal): GradstreamError {
  return new GradstreamError('GS_EXPORT_STOPPED', {
    where: WHERE,
    what: 'The export was stopped before it was whole',
    expected: 'it to end by itself',
    received: String(signal.reason),
    next: 'Nothing was left behind: call saveModel again.',
  });
}

function notWritten(path: string, cause: unknown): GradstreamError {
  return new GradstreamError('GS_EXPORT_WRITE', {
    where: WHERE,
    what: `The model could not be saved at ${path}`,
    expected: 'a place that can be written to',
    received: cause instanceof Error ? cause.message : describeValue(cause),
    next: 'Check the rights on the folder and the space on the disk.',
    cause,
  });
}
