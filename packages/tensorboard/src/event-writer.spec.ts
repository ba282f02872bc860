import { GradstreamError } from '@gradstream/core';
import { DataClass, type Event } from '@gradstream/formats/messages';
import { describe, expect, it } from 'vitest';
import { eventWriter, type EventSink, type SummaryEvent } from './event-writer.js';
import { readEvents } from './read-events.js';
import { readScalars } from './read-scalars.js';
import { scalarSummary } from './scalar-summary.js';

/** A sink that keeps what it gets, and a gate that its writes wait for. */
class MemorySink implements EventSink {
  readonly chunks: Uint8Array[] = [];
  readonly calls: string[] = [];
  gate: Promise<void> = Promise.resolve();

  async write(bytes: Uint8Array): Promise<void> {
    this.calls.push('write');
    await this.gate;
    this.chunks.push(bytes);
  }

  sync(): Promise<void> {
    this.calls.push('sync');
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.calls.push('close');
    return Promise.resolve();
  }
}

async function eventsOf(sink: MemorySink): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of readEvents(sink.chunks)) events.push(event);
  return events;
}

const loss = (value: number): SummaryEvent['values'] => [scalarSummary('loss', value)];
const code = (reason: unknown): string => (reason instanceof GradstreamError ? reason.code : String(reason));

describe('eventWriter', () => {
  it('begins with the version, then writes scalars as TensorBoard has them', async () => {
    const sink = new MemorySink();
    const writer = eventWriter(sink, { clock: () => 1_700_000_000_500 });
    writer.write({ step: 0, values: [scalarSummary('loss', 0.5), scalarSummary('accuracy', 1)] });
    writer.write({ step: 1, time: 1_700_000_001_000, values: loss(0.25) });
    await writer.close();
    const [version, first, second, ...more] = await eventsOf(sink);
    expect(more).toEqual([]);
    expect(version).toMatchObject({
      wallTime: 1_700_000_000.5,
      step: 0n,
      what: { case: 'fileVersion', value: 'brain.Event:2' },
      sourceMetadata: { writer: 'gradstream' },
    });
    expect(first).toMatchObject({ wallTime: 1_700_000_000.5, step: 0n });
    expect(second).toMatchObject({ wallTime: 1_700_000_001, step: 1n });
    expect(first!.what.case === 'summary' && first!.what.value.value).toMatchObject([
      {
        tag: 'loss',
        metadata: { pluginData: { pluginName: 'scalars' }, dataClass: DataClass.SCALAR },
        value: { case: 'tensor', value: { dtype: 1, floatVal: [0.5], tensorShape: { dim: [], unknownRank: false } } },
      },
      { tag: 'accuracy', value: { case: 'tensor', value: { floatVal: [1] } } },
    ]);
  });

  it('sends metadata with the first value of a tag alone', async () => {
    const sink = new MemorySink();
    const writer = eventWriter(sink);
    for (let step = 0; step < 3; step++) writer.write({ step, values: [...loss(step), scalarSummary('other', step)] });
    await writer.flush();
    const withMetadata = (await eventsOf(sink)).map(({ what }) =>
      what.case === 'summary' ? what.value.value.filter((value) => value.metadata).length : 0,
    );
    expect(withMetadata).toEqual([0, 2, 0, 0]);
  });

  it('keeps values that are no numbers, large steps and negative ones', async () => {
    const sink = new MemorySink();
    const writer = eventWriter(sink, { clock: () => 0 });
    const points = [
      { step: -1, value: Number.NaN },
      { step: 0, value: Number.POSITIVE_INFINITY },
      { step: 2 ** 40, value: 0 },
      { step: Number.MAX_SAFE_INTEGER, value: Math.fround(0.1) },
    ];
    for (const { step, value } of points) writer.write({ step, values: loss(value) });
    await writer.close();
    expect((await readScalars(sink.chunks)).get('loss')).toEqual(points.map((point) => ({ ...point, time: 0 })));
  });

  it('touches nothing before flush, then writes whole records and syncs', async () => {
    const sink = new MemorySink();
    const writer = eventWriter(sink);
    writer.write({ step: 0, values: loss(1) });
    expect(sink.calls).toEqual([]);
    expect(writer.buffered).toBeGreaterThan(0);
    await writer.flush();
    expect(sink.calls).toEqual(['write', 'sync']);
    expect(writer.buffered).toBe(0);
    await writer.flush();
    expect(sink.calls).toEqual(['write', 'sync']);
    expect(await eventsOf(sink)).toHaveLength(2);
  });

  it('makes no file of no events', async () => {
    const sink = new MemorySink();
    await eventWriter(sink).close();
    expect(sink.calls).toEqual(['close']);
  });

  it('keeps the order while the sink is slow', async () => {
    const sink = new MemorySink();
    let open!: () => void;
    sink.gate = new Promise((resolve) => (open = resolve));
    const writer = eventWriter(sink);
    writer.write({ step: 0, values: loss(0) });
    const first = writer.flush();
    writer.write({ step: 1, values: loss(1) });
    const second = writer.close();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(sink.calls).toEqual(['write']);
    open();
    await Promise.all([first, second]);
    expect(sink.calls).toEqual(['write', 'sync', 'write', 'sync', 'close']);
    expect((await readScalars(sink.chunks)).get('loss')!.map(({ step }) => step)).toEqual([0, 1]);
  });

  it('closes once, and refuses events after it', async () => {
    const sink = new MemorySink();
    const writer = eventWriter(sink);
    expect(writer.close()).toBe(writer.close());
    await writer.close();
    expect(sink.calls).toEqual(['close']);
    expect(() => writer.write({ step: 0, values: loss(1) })).toThrow(
      expect.objectContaining({ code: 'GS_EVENT_CLOSED' }),
    );
  });

  it('fails for good once the sink failed, and still closes it', async () => {
    const sink = new MemorySink();
    sink.gate = Promise.reject(new Error('no space left'));
    const writer = eventWriter(sink);
    writer.write({ step: 0, values: loss(1) });
    await expect(writer.flush()).rejects.toMatchObject({ code: 'GS_EVENT_SINK', received: 'no space left' });
    writer.write({ step: 1, values: loss(1) });
    expect(await writer.flush().catch(code)).toBe('GS_EVENT_SINK');
    expect(await writer.close().catch(code)).toBe('GS_EVENT_SINK');
    expect(sink.calls).toEqual(['write', 'close']);
  });

  it.each<[string, () => unknown, string]>([
    [
      'a step with a fraction',
      () => eventWriter(new MemorySink()).write({ step: 0.5, values: loss(1) }),
      'GS_OPTION_VALUE',
    ],
    [
      'a step above 2^53',
      () => eventWriter(new MemorySink()).write({ step: 2 ** 53, values: loss(1) }),
      'GS_OPTION_VALUE',
    ],
    [
      'a time that is no number',
      () => eventWriter(new MemorySink()).write({ step: 0, time: Number.NaN, values: loss(1) }),
      'GS_OPTION_VALUE',
    ],
    ['an empty tag', () => scalarSummary('', 1), 'GS_SUMMARY_TAG'],
    ['a tag that is no string', () => scalarSummary(3 as unknown as string, 1), 'GS_SUMMARY_TAG'],
    ['a value that is no number', () => scalarSummary('loss', '1' as unknown as number), 'GS_SUMMARY_VALUE'],
    ['a misspelt option', () => eventWriter(new MemorySink(), { clok: Date.now } as object), 'GS_OPTION_UNKNOWN'],
  ])('refuses %s', (_, work, expected) => {
    expect(work).toThrow(expect.objectContaining({ code: expected }));
  });
});
