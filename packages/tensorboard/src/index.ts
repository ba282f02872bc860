export {
  eventWriter,
  type EventSink,
  type EventWriter,
  type EventWriterOptions,
  type SummaryEvent,
} from './event-writer.js';
export { readEvents } from './read-events.js';
export { readScalars, type ScalarPoint } from './read-scalars.js';
export { scalarSummary } from './scalar-summary.js';
export type { SummaryValue } from './summary-value.js';
