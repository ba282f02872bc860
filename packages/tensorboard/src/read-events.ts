import { describeValue, GradstreamError } from '@gradstream/core';
import { EventSchema, fromBinary, type Event } from '@gradstream/formats/messages';
import { readRecords, type ByteSource } from '@gradstream/formats/tfrecord';

const WHERE = 'tensorboard/readEvents';

/**
 * The events of a TensorBoard file, one after another, its version event included.
 *
 * Throws what `readRecords` throws for damaged bytes, `GS_EVENT_MESSAGE` for a record that is no event and `GS_EVENT_VERSION` where the first
 * event is not the version `brain.Event:2`.
 */
export async function* readEvents(source: ByteSource): AsyncGenerator<Event, void, undefined> {
  let index = 0;
  for await (const record of readRecords(source)) {
    const event = parse(record, index);
    if (index === 0) checkVersion(event);
    index++;
    yield event;
  }
}

function parse(record: Uint8Array, index: number): Event {
  try {
    return fromBinary(EventSchema, record);
  } catch (cause) {
    throw new GradstreamError('GS_EVENT_MESSAGE', {
      where: WHERE,
      what: `The record ${index} is no event`,
      expected: 'an Event message of TensorBoard',
      received: `${record.length} bytes that are none`,
      next: 'Check that the file is an event file and not another TFRecord file.',
      cause,
    });
  }
}

function checkVersion({ what }: Event): void {
  const version = what.case === 'fileVersion' ? what.value : undefined;
  if (version === 'brain.Event:2') return;
  throw new GradstreamError('GS_EVENT_VERSION', {
    where: WHERE,
    what: 'The file does not begin with a version that can be read',
    expected: '"brain.Event:2"',
    received: describeValue(version),
    next: 'Check that the file is a whole event file of TensorBoard.',
  });
}
