import type { TrainingEvent } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import { play } from '../fixtures/play.js';
import { epochBegin, epochEnd, stepEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import { jsonLine, jsonLoggerTo, type JsonLoggerOptions } from './json-logger.js';

const given = {
  b: trainBegin(['loss']),
  e: epochBegin(0),
  s: stepEnd(0, 0, { loss: 2 }),
  E: epochEnd(0, { loss: 1 }),
  t: trainEnd(),
};
const hold = { type: 'hold', until: Promise.resolve() } as const;

async function written(events: readonly TrainingEvent[], options?: JsonLoggerOptions): Promise<TrainingEvent[]> {
  const lines: string[] = [];
  const write = async (text: string): Promise<void> => void lines.push(text);
  for (const command of play(jsonLoggerTo(write, options), events).flat()) await (command as typeof hold).until;
  expect(lines.join('')).toMatch(/\n$/);
  return lines
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrainingEvent);
}

describe('jsonLoggerTo', () => {
  it('holds training while an epoch’s lines are written', () => {
    const quiet = async (): Promise<void> => {};
    expectMarbles(jsonLoggerTo(quiet), { events: 'besEt|', given, commands: 'h--hh|', expected: { h: hold } });
  });

  it('writes events as they are, in their order, without steps', async () => {
    const { b, e, s, E, t } = given;
    expect(await written([b, e, s, E, t])).toEqual([b, e, E, t]);
    expect(await written([b, e, s, E, t], { events: ['stepEnd', 'trainEnd'] })).toEqual([s, t]);
  });

  it('writes before the end of an epoch where much is waiting', () => {
    const steps = Array.from({ length: 2000 }, (_, step) => stepEnd(0, step, { loss: 1 }));
    const holds = play(
      jsonLoggerTo(async () => {}, { events: ['stepEnd'] }),
      steps,
    ).flat();
    expect(holds.length).toBeGreaterThan(1);
  });

  it('has words for numbers that JSON has not', () => {
    const line = jsonLine(epochEnd(0, { loss: NaN, a: Infinity, b: -Infinity, c: 1e-300 }));
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toMatchObject({ logs: { loss: 'NaN', a: 'Infinity', b: '-Infinity', c: 1e-300 } });
    expect(line.startsWith('{"type":"epochEnd","time":0,')).toBe(true);
  });

  it('fails what training waits for when the writer throws', async () => {
    const broken = (): never => {
      throw new Error('full');
    };
    const [command] = play(jsonLoggerTo(broken), [given.E])[0]!;
    await expect((command as typeof hold).until).rejects.toThrow('full');
  });

  it.each([
    [{ events: ['epochsEnd'] }, 'GS_OPTION_VALUE'],
    [{ events: [] }, 'GS_OPTION_VALUE'],
    [{ events: 'all' }, 'GS_OPTION_VALUE'],
    [{ event: ['epochEnd'] }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => jsonLoggerTo(async () => {}, options as never)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a writer that is none', () => {
    expect(() => jsonLoggerTo('file' as never)).toThrow(expect.objectContaining({ code: 'GS_OPTION_VALUE' }));
  });
});
