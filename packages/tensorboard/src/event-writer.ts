import { checkNumber, checkOptions, describeValue, GradstreamError, type ByteSink } from '@gradstream/core';
import { create, EventSchema, toBinary, type MessageInitShape } from '@gradstream/formats/messages';
import { frameRecord } from '@gradstream/formats/tfrecord';
import type { SummaryValue } from './summary-value.js';

const WHERE = 'tensorboard/eventWriter';

/** Where event files go: a byte sink; one with `sync` makes sure in it that what was written is stored for good. */
export interface EventSink extends ByteSink {
  sync?(): Promise<void>;
}

/** One moment's values. */
export interface SummaryEvent {
  /** A whole number: the horizontal axis of the dashboards. */
  readonly step: number;
  /** For example from `scalarSummary`. */
  readonly values: readonly SummaryValue[];
  /** Milliseconds since 1970; the clock's time where it is left out. */
  readonly time?: number;
}

/** Writes events of one TensorBoard run, in the order of the calls. */
export interface EventWriter {
  /** Bytes of records that wait for `flush`. */
  readonly buffered: number;
  /** Adds an event in memory; no byte leaves before `flush`. Throws `GS_EVENT_CLOSED` after `close`. */
  write(event: SummaryEvent): void;
  /** Hands all waiting records to the sink, whole, and resolves when they are stored. Once it failed (`GS_EVENT_SINK`) it always fails. */
  flush(): Promise<void>;
  /** Flushes and closes the sink. Further calls give the same promise. */
  close(): Promise<void>;
}

/** How events are written. */
export interface EventWriterOptions {
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * A writer of TensorBoard's event format: TFRecords of `Event` messages, the first with the version `brain.Event:2`. Metadata goes out
 * with the first value of a tag alone. The sink is not touched before there is an event to write.
 */
export function eventWriter(sink: EventSink, options: EventWriterOptions = {}): EventWriter {
  checkOptions(WHERE, options, ['clock']);
  return new BufferedEventWriter(sink, options.clock ?? Date.now);
}

class BufferedEventWriter implements EventWriter {
  readonly #sink: EventSink;
  readonly #clock: () => number;
  readonly #tags = new Set<string>();
  #started = false;
  #waiting: Uint8Array[] = [];
  #buffered = 0;
  #done: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(sink: EventSink, clock: () => number) {
    this.#sink = sink;
    this.#clock = clock;
  }

  get buffered(): number {
    return this.#buffered;
  }

  write({ step, values, time = this.#clock() }: SummaryEvent): void {
    if (this.#closed) throw closedError();
    checkNumber(WHERE, 'step', step, { integer: true, min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
    const wallTime = checkNumber(WHERE, 'time', time) / 1000;
    if (!this.#started) {
      this.#started = true;
      this.#add({
        wallTime,
        what: { case: 'fileVersion', value: 'brain.Event:2' },
        sourceMetadata: { writer: 'gradstream' },
      });
    }
    const value = values.map((one) =>
      this.#tags.has(one.tag) ? { ...one, metadata: undefined } : one,
    ) as SummaryValue[];
    this.#add({ wallTime, step: BigInt(step), what: { case: 'summary', value: { value } } });
    for (const { tag } of values) this.#tags.add(tag);
  }

  flush(): Promise<void> {
    const records = this.#waiting;
    this.#waiting = [];
    this.#buffered = 0;
    // One after another: a flush begins when the one before it is done, and fails with it.
    this.#done = this.#done.then(() => (records.length > 0 ? this.#store(records) : undefined));
    this.#done.catch(() => {});
    return this.#done;
  }

  close(): Promise<void> {
    this.#closed ??= this.flush().finally(() => this.#sink.close());
    this.#closed.catch(() => {});
    return this.#closed;
  }

  #add(event: MessageInitShape<typeof EventSchema>): void {
    const record = frameRecord(toBinary(EventSchema, create(EventSchema, event)));
    this.#waiting.push(record);
    this.#buffered += record.length;
  }

  async #store(records: readonly Uint8Array[]): Promise<void> {
    try {
      await this.#sink.write(joined(records));
      await this.#sink.sync?.();
    } catch (cause) {
      throw new GradstreamError('GS_EVENT_SINK', {
        where: WHERE,
        what: 'The events could not be stored',
        expected: 'a sink that takes bytes',
        received: cause instanceof Error ? cause.message : describeValue(cause),
        next: 'Check that the folder can be written to and that there is space left.',
        cause,
      });
    }
  }
}

function joined(records: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(records.reduce((sum, record) => sum + record.length, 0));
  let offset = 0;
  for (const record of records) {
    bytes.set(record, offset);
    offset += record.length;
  }
  return bytes;
}

function closedError(): GradstreamError {
  return new GradstreamError('GS_EVENT_CLOSED', {
    where: WHERE,
    what: 'The writer is closed',
    expected: 'events before close()',
    received: 'one after it',
    next: 'Open another writer: it makes another file, and TensorBoard shows both as one run.',
  });
}
