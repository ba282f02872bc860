import { isGradstreamError, type Callback, type TrainingCommand, type TrainingEvent } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Subject, tap, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { epochBegin, epochEnd, stepEnd, trainBegin, trainEnd } from '../../fixtures/training-events.js';
import { csvLogger } from './csv-logger.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'csv-logger-'));
  path = join(folder, 'training.csv');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Plays events as a trainer does: it waits for what is held before the next one. Gives the commands. */
async function play(callback: Callback, events: readonly TrainingEvent[]): Promise<TrainingCommand[]> {
  const subject = new Subject<TrainingEvent>();
  const commands: TrainingCommand[] = [];
  callback(subject).subscribe((command) => commands.push(command));
  for (const event of events) {
    const before = commands.length;
    subject.next(event);
    for (const command of commands.slice(before)) if (command.type === 'hold') await command.until;
  }
  return commands;
}

const read = (): string[] => readFileSync(path, 'utf8').split('\r\n');
const NAMES = ['val_loss', 'loss', 'accuracy'];

describe('csvLogger', () => {
  it('writes the epoch and the metrics by name', async () => {
    await play(csvLogger(path), [
      trainBegin(NAMES),
      epochEnd(0, { loss: 0.25, accuracy: 1 / 3, val_loss: 1e-7 }),
      epochEnd(1, { loss: NaN, accuracy: Infinity }),
      epochEnd(2, { loss: -Infinity, accuracy: 5, val_loss: 0 }),
      trainEnd(),
    ]);
    expect(read()).toEqual([
      'epoch,accuracy,loss,val_loss',
      '0,0.3333333333333333,0.25,1e-7',
      '1,inf,nan,NA',
      '2,5,-inf,0',
      '',
    ]);
  });

  it('has each line on the disk before the next epoch starts', async () => {
    const subject = new Subject<TrainingEvent>();
    const held: Promise<unknown>[] = [];
    csvLogger(path)(subject).subscribe((command) => command.type === 'hold' && held.push(command.until));
    subject.next(trainBegin(NAMES));
    await held[0];
    expect(read()).toHaveLength(2);
    subject.next(epochEnd(0, { loss: 1 }));
    await held[1];
    expect(read()).toEqual(['epoch,accuracy,loss,val_loss', '0,NA,1,NA', '']);
  });

  it('asks to hold when there is something to write, and for nothing else', async () => {
    const held: Promise<unknown>[] = [];
    const collect = tap((command: TrainingCommand) => command.type === 'hold' && held.push(command.until));
    expectMarbles((events$: Observable<TrainingEvent>) => csvLogger(path)(events$).pipe(collect), {
      events: 'be-s-E-t|',
      given: {
        b: trainBegin(NAMES),
        e: epochBegin(0),
        s: stepEnd(0, 0, { loss: 1 }),
        E: epochEnd(0, { loss: 1 }),
        t: trainEnd(),
      },
      commands: 'h----h--|',
      expected: { h: { type: 'hold', until: Promise.resolve() } } as Record<string, TrainingCommand>,
    });
    await Promise.all(held);
    expect(read()).toHaveLength(3);
  });

  it('quotes what has to be quoted', async () => {
    const names = ['a,b', 'say "x"', 'two\nlines', 'plain'];
    await play(csvLogger(path), [trainBegin(names), epochEnd(0, { 'a,b': 1 })]);
    expect(readFileSync(path, 'utf8')).toBe('epoch,"a,b",plain,"say ""x""","two\nlines"\r\n0,1,NA,NA,NA\r\n');
    await play(csvLogger(path, { separator: ';', append: false }), [trainBegin(['a,b', 'c;d'])]);
    expect(readFileSync(path, 'utf8')).toBe('epoch;a,b;"c;d"\r\n');
  });

  it('writes a new file, or goes on with the one that is there', async () => {
    const training = [trainBegin(['loss']), epochEnd(0, { loss: 1 })];
    await play(csvLogger(path, { append: true }), training);
    await play(csvLogger(path, { append: true }), [trainBegin(['loss']), epochEnd(1, { loss: 2 })]);
    expect(read()).toEqual(['epoch,loss', '0,1', '1,2', '']);
    await play(csvLogger(path), training);
    expect(read()).toEqual(['epoch,loss', '0,1', '']);
  });

  it('goes on with files of other hands: line ends, quotes, a mark, a torn last line', async () => {
    writeFileSync(path, '\ufeffepoch,"loss","a ""b"""\n0,1,2\n1,0.');
    await play(csvLogger(path, { append: true }), [trainBegin(['loss', 'a "b"'])].slice(1));
    await expect(play(csvLogger(path, { append: true }), [trainBegin(['loss', 'a "b"'])])).rejects.toMatchObject({
      received: 'epoch,loss,a "b"',
    });
    writeFileSync(path, '\ufeffepoch,"a ""b""",loss\n0,1,2\n1,0.');
    await play(csvLogger(path, { append: true }), [trainBegin(['loss', 'a "b"']), epochEnd(2, { loss: 5 })]);
    expect(readFileSync(path, 'utf8')).toBe('\ufeffepoch,"a ""b""",loss\n0,1,2\n1,0.\r\n2,NA,5\r\n');
  });

  it('refuses to append where the columns are others, and leaves the file', async () => {
    writeFileSync(path, 'epoch,loss\r\n0,1\r\n');
    const error: unknown = await play(csvLogger(path, { append: true }), [trainBegin(NAMES)]).catch(
      (thrown: unknown) => thrown,
    );
    expect(isGradstreamError(error) && error).toMatchObject({
      code: 'GS_CALLBACK_CSV_HEADER',
      expected: 'epoch,accuracy,loss,val_loss',
      received: 'epoch,loss',
    });
    expect(readFileSync(path, 'utf8')).toBe('epoch,loss\r\n0,1\r\n');
  });

  it('takes the columns of the first epoch where training did not tell them, and says what has none later', async () => {
    const commands = await play(csvLogger(path), [
      trainBegin([]),
      epochEnd(0, { loss: 1 }),
      epochEnd(1, { loss: 2, val_loss: 3 }),
      epochEnd(2, { loss: 2, val_loss: 3 }),
    ]);
    expect(read()).toEqual(['epoch,loss', '0,1', '1,2', '2,2', '']);
    expect(commands.filter(({ type }) => type === 'report')).toMatchObject([{ diagnosis: { name: 'csvColumnLost' } }]);
  });

  it('makes the folder', async () => {
    const deep = join(folder, 'a', 'b', 'log.csv');
    await play(csvLogger(deep), [trainBegin(['loss'])]);
    expect(existsSync(deep)).toBe(true);
  });

  it('fails by what it holds for when the file cannot be written', async () => {
    await expect(play(csvLogger(folder), [trainBegin(['loss'])])).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it.each([
    ['', {}, 'GS_OPTION_VALUE'],
    [undefined, {}, 'GS_OPTION_VALUE'],
    ['a.csv', { seperator: ';' }, 'GS_OPTION_UNKNOWN'],
    ['a.csv', { separator: '' }, 'GS_OPTION_VALUE'],
    ['a.csv', { separator: ', ' }, 'GS_OPTION_VALUE'],
    ['a.csv', { separator: '"' }, 'GS_OPTION_VALUE'],
    ['a.csv', { separator: '\n' }, 'GS_OPTION_VALUE'],
    ['a.csv', { append: 1 }, 'GS_OPTION_VALUE'],
  ])('refuses %j with %j by %s', (file, options, code) => {
    expect(() => csvLogger(file as string, options as never)).toThrow(expect.objectContaining({ code }));
  });
});
