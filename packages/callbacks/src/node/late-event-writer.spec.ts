import type { EventWriter, SummaryEvent } from '@gradstream/tensorboard';
import { expect, it } from 'vitest';
import { lateEventWriter } from './late-event-writer.js';

const event = (step: number): SummaryEvent => ({ step, values: [] });

function recorder(): { writer: EventWriter; calls: (number | string)[] } {
  const calls: (number | string)[] = [];
  const writer: EventWriter = {
    get buffered() {
      return calls.length;
    },
    write: ({ step }) => void calls.push(step),
    flush: async () => void calls.push('flush'),
    close: async () => void calls.push('close'),
  };
  return { writer, calls };
}

it('keeps the order of events, flushes and the end, whenever the writer comes', async () => {
  const { writer, calls } = recorder();
  let come = (_: EventWriter): void => {};
  const late = lateEventWriter(() => new Promise((resolve) => (come = resolve)));
  late.write(event(1));
  late.write(event(2));
  const flushed = late.flush();
  expect(late.buffered).toBe(0);
  come(writer);
  await flushed;
  expect(late.buffered).toBe(3);
  late.write(event(3));
  await late.close();
  expect(calls).toEqual([1, 2, 'flush', 3, 'close']);
});

it('fails where the writer cannot be loaded, or refuses what waited for it', async () => {
  const none = lateEventWriter(() => Promise.reject(new Error('no such module')));
  none.write(event(1));
  await expect(none.flush()).rejects.toThrow('no such module');
  await expect(none.close()).rejects.toThrow('no such module');
  const refuses = (): never => {
    throw new Error('refused');
  };
  const strict = lateEventWriter(async () => ({ ...recorder().writer, write: refuses }));
  strict.write(event(1));
  await expect(strict.close()).rejects.toThrow('refused');
});
