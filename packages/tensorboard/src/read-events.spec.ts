import { create, EventSchema, toBinary, type MessageInitShape } from '@gradstream/formats/messages';
import { frameRecord } from '@gradstream/formats/tfrecord';
import { describe, expect, it } from 'vitest';
import golden from '../fixtures/events.json' with { type: 'json' };
import { readEvents } from './read-events.js';
import { readScalars } from './read-scalars.js';

const record = (event: MessageInitShape<typeof EventSchema>): Uint8Array =>
  frameRecord(toBinary(EventSchema, create(EventSchema, event)));
const version = record({ what: { case: 'fileVersion', value: 'brain.Event:2' } });
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

async function count(chunks: Uint8Array[]): Promise<number> {
  let events = 0;
  for await (const _ of readEvents(chunks)) events++;
  return events;
}

describe('a file written by TensorFlow', () => {
  it.each(Object.entries(golden))('%s: gives its curves', async (_, { file, scalars }) => {
    const curves = await readScalars(fromBase64(file));
    const points = [...curves].map(([tag, curve]) => [tag, curve.map(({ step, value }) => [step, value])]);
    expect(Object.fromEntries(points)).toEqual(scalars);
    expect(curves.get('loss')![0]!.time).toBeGreaterThan(Date.UTC(2024));
  });
});

describe('readEvents', () => {
  it.each<[string, Uint8Array[], string]>([
    ['a file that ends inside a record', [version, version.subarray(0, 20)], 'GS_TFRECORD_TRUNCATED'],
    ['bytes that are no records', [new Uint8Array(64)], 'GS_TFRECORD_CORRUPT'],
    ['a record that is no event', [version, frameRecord(Uint8Array.of(0x0f, 0xff, 0xff))], 'GS_EVENT_MESSAGE'],
    [
      'an event whose summary goes on after its end',
      [version, frameRecord(Uint8Array.of(0x2a, 0x7f, 0x0a))],
      'GS_EVENT_MESSAGE',
    ],
    ['a file without a version', [record({ step: 1n })], 'GS_EVENT_VERSION'],
    ['a version of later', [record({ what: { case: 'fileVersion', value: 'brain.Event:3' } })], 'GS_EVENT_VERSION'],
  ])('refuses %s', async (_, chunks, code) => {
    await expect(count(chunks)).rejects.toMatchObject({ code });
  });

  it('reads a file that has its version alone, and an empty one', async () => {
    expect(await count([version])).toBe(1);
    expect(await count([])).toBe(0);
  });
});

describe('readScalars', () => {
  it.each<[string, object]>([
    ['a scalar of text', { case: 'tensor', value: { dtype: 7, stringVal: [Uint8Array.of(65)] } }],
    ['a scalar of eight bytes', { case: 'tensor', value: { dtype: 1, tensorContent: new Uint8Array(8) } }],
    ['a scalar of nothing', { case: undefined }],
  ])('refuses %s', async (_, value) => {
    const values = [{ tag: 'loss', metadata: { pluginData: { pluginName: 'scalars' } }, value }];
    const event = { what: { case: 'summary', value: { value: values } } } as MessageInitShape<typeof EventSchema>;
    await expect(readScalars([version, record(event)])).rejects.toMatchObject({ code: 'GS_EVENT_MESSAGE' });
  });
});
