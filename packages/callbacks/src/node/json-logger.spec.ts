import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hold, TrainingEvent } from '@gradstream/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { play } from '../../fixtures/play.js';
import { epochEnd, trainBegin, trainEnd } from '../../fixtures/training-events.js';
import { jsonLogger, type JsonLoggerFileOptions } from './json-logger.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'json-logger-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const events: TrainingEvent[] = [trainBegin(['loss']), epochEnd(0, { loss: 1 }), trainEnd()];

async function log(path: string, options?: JsonLoggerFileOptions): Promise<string> {
  const callback = jsonLogger(path, options);
  for (const command of play(callback, events).flat()) await (command as Hold).until;
  return readFile(path, 'utf8');
}

describe('jsonLogger', () => {
  it('writes lines into a file of a folder that it makes', async () => {
    const text = await log(join(folder, 'deep', 'run.jsonl'));
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(events);
  });

  it('begins the file anew with each training, or goes on with it', async () => {
    const path = join(folder, 'run.jsonl');
    await writeFile(path, '{"old":true}\n');
    const first = await log(path, { append: true });
    expect(first.split('\n').length).toBe(1 + events.length + 1);
    expect((await log(path)).split('\n').length).toBe(events.length + 1);
  });

  it('fails what training waits for where the file cannot be written', async () => {
    await expect(log(folder)).rejects.toThrow(/EISDIR/);
  });

  it.each([
    ['', {}, 'GS_OPTION_VALUE'],
    [5, {}, 'GS_OPTION_VALUE'],
    ['a\0b', {}, 'GS_OPTION_VALUE'],
    ['log', { append: 1 }, 'GS_OPTION_VALUE'],
    ['log', { events: ['x'] }, 'GS_OPTION_VALUE'],
    ['log', { mode: 'a' }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j with %j', (path, options, code) => {
    expect(() => jsonLogger(path as string, options as never)).toThrow(expect.objectContaining({ code }));
  });
});
