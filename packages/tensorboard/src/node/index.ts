export { fileEventWriter, type FileEventWriterOptions } from './file-event-writer.js';
