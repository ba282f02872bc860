import type { EventWriter, SummaryEvent } from '@gradstream/tensorboard';

/**
 * A writer that is still being loaded: what is written meanwhile waits, and goes to it in the same order. `buffered` counts from then on. An event that is
 * refused late, and a writer that cannot be loaded, fail `flush` and `close`.
 */
export function lateEventWriter(load: () => Promise<EventWriter>): EventWriter {
  const early: SummaryEvent[] = [];
  let writer: EventWriter | undefined;
  const loaded = load().then((made) => {
    for (const event of early) made.write(event);
    early.length = 0;
    writer = made;
    return made;
  });
  // Whoever flushes or closes hears of it.
  loaded.catch(() => {});
  return {
    get buffered(): number {
      return writer?.buffered ?? 0;
    },
    write: (event) => (writer === undefined ? void early.push(event) : writer.write(event)),
    flush: async () => (await loaded).flush(),
    close: async () => (await loaded).close(),
  };
}
