import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readScalars } from '../read-scalars.js';
import { scalarSummary } from '../scalar-summary.js';
import { fileEventWriter } from './file-event-writer.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradstream-events-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const point = (step: number, value = step): { step: number; values: ReturnType<typeof scalarSummary>[] } => ({
  step,
  values: [scalarSummary('loss', value)],
});

describe('fileEventWriter', () => {
  it('names files as TensorFlow does, one a writer, also within a second', async () => {
    const clock = (): number => 1_700_000_000_999;
    for (let i = 0; i < 3; i++) {
      const writer = fileEventWriter(join(folder, 'deep/er'), { clock });
      writer.write(point(i));
      await writer.close();
    }
    const names = (await readdir(join(folder, 'deep/er'))).toSorted();
    expect(new Set(names).size).toBe(3);
    for (const name of names)
      expect(name).toMatch(
        new RegExp(
          `^events\\.out\\.tfevents\\.1700000000\\.${hostname().replaceAll(/\W/g, '.')}\\.${process.pid}\\.\\d+\\.v2$`,
        ),
      );
  });

  it('makes neither folder nor file before there is something to write', async () => {
    const run = join(folder, 'run');
    const writer = fileEventWriter(run);
    await writer.flush();
    expect(existsSync(run)).toBe(false);
    writer.write(point(0));
    expect(existsSync(run)).toBe(false);
    await writer.close();
    expect(await readdir(run)).toHaveLength(1);
  });

  it('has whole records in the file after every flush, while it stays open', async () => {
    const writer = fileEventWriter(folder, { suffix: '.test' });
    for (let step = 0; step < 5; step++) {
      writer.write(point(step));
      await writer.flush();
      const [name] = await readdir(folder);
      expect((await readScalars(await readFile(join(folder, name!)))).get('loss')).toHaveLength(step + 1);
    }
    await writer.close();
  });

  it('never takes a tag for a path', async () => {
    const writer = fileEventWriter(join(folder, 'run'));
    writer.write({
      step: 0,
      values: ['../escape', '/etc/passwd', 'a/../../b', '\0'].map((tag) => scalarSummary(tag, 1)),
    });
    await writer.close();
    expect(await readdir(folder)).toEqual(['run']);
    expect(await readdir(join(folder, 'run'))).toHaveLength(1);
  });

  it('writes over no file', async () => {
    const clock = (): number => 1_700_000_000_000;
    const first = fileEventWriter(folder, { clock });
    first.write(point(0));
    await first.close();
    const [name] = await readdir(folder);
    const number = Number(/\.(\d+)\.v2$/.exec(name!)![1]);
    // Another process on a host of the same name and process id got the next name already.
    const taken = join(folder, name!.replace(/\.\d+\.v2$/, `.${number + 1}.v2`));
    await writeFile(taken, 'not ours');
    const second = fileEventWriter(folder, { clock });
    second.write(point(0));
    await second.close();
    expect(await readFile(taken, 'utf8')).toBe('not ours');
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('says what is wrong when the folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    const writer = fileEventWriter(join(folder, 'file', 'run'));
    writer.write(point(0));
    await expect(writer.flush()).rejects.toMatchObject({
      code: 'GS_EVENT_SINK',
      received: expect.stringContaining('ENOTDIR'),
    });
    await expect(writer.close()).rejects.toMatchObject({ code: 'GS_EVENT_SINK' });
  });

  it.each(['/../x', '../../x', 'a b', '\0', '\\x'])('refuses the suffix %j', (suffix) => {
    expect(() => fileEventWriter(folder, { suffix })).toThrow(expect.objectContaining({ code: 'GS_OPTION_VALUE' }));
  });
});
