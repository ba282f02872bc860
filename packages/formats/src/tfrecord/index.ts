export { frameRecord } from './frame-record.js';
export { readRecords, type ByteSource, type ReadRecordsOptions } from './read-records.js';
