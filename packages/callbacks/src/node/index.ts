// The public names of @gradstream/callbacks/node: names only, one export a line.
export { csvLogger, type CsvLoggerOptions } from './csv-logger.js';
export { tensorBoard } from './tensor-board.js';
